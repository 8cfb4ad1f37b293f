package io.millrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BlockRoundTripTest {
    private static final QueueName QUEUE = new QueueName("priced");

    @Property(tries = 300)
    void whatIsWrittenIsRead(@ForAll("batches") List<NewEvent> events) {
        Block block = Block.read(ByteBuffer.wrap(Blocks.of("price", events).toBytes()));

        assertThat(block.header().events()).isEqualTo(events.size());
        assertThat(Blocks.newEvents(block))
                .isEqualTo(events.stream().map(BlockRoundTripTest::asRead).toList());
        assertThat(BlockCheck.check(block)).isEqualTo(parents(events));
    }

    /** The writer's own name isn't repeated in its lines. */
    private static NewEvent asRead(NewEvent event) {
        return "price".equals(event.bot())
                ? new NewEvent(event.payload(), event.correlation(), event.sourceTimestamp(), null, event.trace())
                : event;
    }

    private static List<ParentRange> parents(List<NewEvent> events) {
        ParentRanges parents = new ParentRanges();
        events.forEach(event -> parents.add(event.correlation()));
        return parents.toList();
    }

    @Property(tries = 200)
    void stampingGivesContiguousIdsAndSourceTimestamps(@ForAll("batches") List<NewEvent> events) {
        Block stamped = Blocks.of("price", events).stamped(QUEUE, Blocks.FIRST);
        List<Event> read = Blocks.events(Block.read(ByteBuffer.wrap(stamped.toBytes())));

        for (int i = 0; i < read.size(); i++) {
            NewEvent event = events.get(i);
            EventId eid = Blocks.FIRST.plus(i);
            assertThat(read.get(i))
                    .isEqualTo(new Event(
                            Objects.requireNonNullElse(event.bot(), "price"),
                            "priced",
                            eid,
                            eid.millis(),
                            Objects.requireNonNullElse(event.sourceTimestamp(), eid.millis()),
                            event.correlation(),
                            event.trace(),
                            event.payload()));
        }
        BlockHeader header = stamped.header();
        assertThat(header.first()).isEqualTo(read.get(0).eid());
        assertThat(header.last()).isEqualTo(read.get(read.size() - 1).eid());
        assertThat(header.leastSource())
                .isEqualTo(read.stream().mapToLong(Event::sourceTimestamp).min().orElseThrow());
        assertThat(header.greatestSource())
                .isEqualTo(read.stream().mapToLong(Event::sourceTimestamp).max().orElseThrow());
    }

    @Property(tries = 200)
    void addAllIsAsAddingEach(@ForAll("batches") List<NewEvent> one, @ForAll("batches") List<NewEvent> other) {
        BlockWriter merged = new BlockWriter("price");
        merged.addAll(Blocks.of("price", one));
        merged.addAll(Blocks.of("price", other));
        List<NewEvent> all = new ArrayList<>(one);
        all.addAll(other);

        assertThat(merged.build(true).toBytes())
                .isEqualTo(Blocks.of("price", all).toBytes());
        assertThat(merged.isEmpty()).isTrue();
    }

    @Property(tries = 100)
    void framesFollowEachOther(@ForAll("batches") List<NewEvent> one, @ForAll("batches") List<NewEvent> other) {
        List<Block> blocks = List.of(Blocks.of("", one), Blocks.of("b", other));
        ByteBuffer bytes = Block.toBytes(blocks);

        assertThat(Block.readAll(bytes.duplicate()).stream()
                        .map(Blocks::newEvents)
                        .toList())
                .isEqualTo(blocks.stream().map(Blocks::newEvents).toList());
        assertThat(Block.readAppend(bytes)).hasSize(2);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void shouldStayUncompressedWhereThatGainsNothingOrIsNotWanted() {
        BlockWriter writer = new BlockWriter("");
        NewEvent event = NewEvent.of(Payload.ofJson("\"" + "x".repeat(1_000) + "\""));

        writer.add(event);
        assertThat(writer.build(true).header().zstd()).isTrue();
        writer.add(event);
        Block plain = writer.build(false);
        assertThat(plain.header().zstd()).isFalse();
        writer.add(NewEvent.of(Payload.ofJson("1")));
        Block tiny = writer.build(true);
        assertThat(tiny.header().zstd()).isFalse();
        writer.add(NewEvent.of(Payload.ofJson("2")));
        writer.build(true);

        assertThat(Blocks.newEvents(plain)).containsExactly(event);
        assertThat(Blocks.newEvents(tiny)).containsExactly(NewEvent.of(Payload.ofJson("1")));
    }

    @Test
    void aWriterRefusesWhatPassesALimitAndStaysUsable() {
        BlockWriter writer = new BlockWriter("");
        NewEvent large = NewEvent.of(Payload.of("x".repeat(Limits.EVENT_BYTES - 500)));
        NewEvent tooLarge = NewEvent.of(Payload.of("x".repeat(Limits.EVENT_BYTES)));

        assertThatIllegalArgumentException().isThrownBy(() -> writer.add(tooLarge));
        for (int i = 0; i < 4; i++) {
            writer.add(large);
        }
        assertThat(writer.fits(large)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> writer.add(large));
        assertThat(writer.fits(Blocks.of("", List.of(large)))).isFalse();
        assertThat(writer.build(true).header().events()).isEqualTo(4);
        assertThatIllegalStateException().isThrownBy(() -> writer.build(true));
    }

    @Test
    void aBlockHoldsOneHundredThousandEventsAtMost() {
        BlockWriter writer = new BlockWriter("");
        NewEvent event = NewEvent.of(Payload.ofJson("1"));
        for (int i = 0; i < Limits.REQUEST_EVENTS; i++) {
            writer.add(event);
        }

        assertThat(writer.fits(event)).isFalse();
        Block full = writer.build(true);
        assertThat(BlockCheck.check(full)).isEmpty();
        assertThat(Blocks.newEvents(full)).hasSize(Limits.REQUEST_EVENTS);
    }

    @Test
    void blocksOfAnotherWriterAreNotTakenOver() {
        BlockWriter writer = new BlockWriter("a");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.addAll(Blocks.of("b", List.of(NewEvent.of(Payload.ofJson("1"))))));
    }

    @Test
    void theCurrentEventIsThereOnlyAfterAdvance() {
        BlockReader reader = new BlockReader(Blocks.of("", List.of(NewEvent.of(Payload.ofJson("1")))));

        assertThatThrownBy(reader::event).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(reader::payload).isInstanceOf(NoSuchElementException.class);
        assertThat(reader.index()).isEqualTo(-1);
        assertThat(reader.advance()).isTrue();
        assertThat(reader.advance()).isFalse();
        assertThat(reader.advance()).isFalse();
        assertThat(reader.index()).isZero();
        assertThat(reader.payload()).hasToString("1");
    }

    @Provide
    Arbitrary<List<NewEvent>> batches() {
        return Blocks.events().list().ofMinSize(1).ofMaxSize(8);
    }
}
