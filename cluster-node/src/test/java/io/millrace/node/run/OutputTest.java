package io.millrace.node.run;

import static io.millrace.node.run.Events.INFO;
import static io.millrace.node.run.Events.NOW;
import static io.millrace.node.run.Events.RUN;
import static io.millrace.node.run.Events.event;
import static io.millrace.node.run.Events.events;
import static io.millrace.node.run.Events.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.application.Append;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.ParentRange;
import io.millrace.protocol.handler.Emitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputTest {
    private static final QueueName PRICED = new QueueName("priced");

    private static final Trace TRACE = new Trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1");
    private static final Trace OTHER = new Trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", null);

    private final List<Event> batch = events(0, 10);
    private final Output output = new Output(RUN, INFO, batch);
    private final Emitter out = output.emitter(batch);

    @Test
    void aBatchIsTheParentOfWhatIsEmitted() {
        out.emit("priced", 1);

        NewEvent event = emitted().get(0);
        assertThat(event.correlation()).isEqualTo(new Correlation("orders", id(0).toString(), id(9).toString(), 10));
        assertThat(event.sourceTimestamp()).as("the earliest of the parents'").isEqualTo(NOW - 9);
    }

    @Test
    void aBatchOfOneIsOneParent() {
        Output single = new Output(RUN, INFO, events(4, 5));
        single.emitter(events(4, 5)).emit("priced", 1);

        NewEvent event = read(single.appends().get(PRICED)).get(0);
        assertThat(event.correlation()).isEqualTo(Correlation.of("orders", id(4)));
    }

    @Test
    void oneEventCanBeNamedAsTheParent() {
        out.from(batch.get(3)).emit("priced", null);

        NewEvent event = emitted().get(0);
        assertThat(event.correlation()).isEqualTo(Correlation.of("orders", id(3)));
        assertThat(event.sourceTimestamp()).isEqualTo(NOW - 3);
        assertThat(event.payload().toString()).isEqualTo("null");
    }

    @Test
    void anEventOfAnotherBatchIsNoParent() {
        assertThatThrownBy(() -> out.from(event(10))).hasMessageContaining("not an event of this batch");
        Event other =
                new Event(null, "returns", id(3), NOW, NOW, null, batch.get(0).payload());
        assertThatThrownBy(() -> out.from(other)).hasMessageContaining("not an event of this batch");
    }

    @Test
    void allOfAQueueStandsInOneAppendInItsOrder() {
        for (Event event : batch) {
            out.from(event).emit("priced", event.eid().position());
            out.from(event).emit("audit", "x");
        }

        var appends = output.appends();

        assertThat(appends.keySet()).containsExactly(PRICED, new QueueName("audit"));
        assertThat(appends.get(PRICED)).singleElement().satisfies(append -> {
            assertThat(append.run()).isEqualTo(RUN);
            assertThat(append.sequence()).isNull();
            assertThat(append.parents()).containsExactly(new ParentRange("orders", id(0), id(9)));
            assertThat(append.blocks().get(0).header().writer()).isEqualTo("price");
        });
        assertThat(read(appends.get(PRICED)).stream().map(e -> e.payload().toString()))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void whatEmitsNothingAppendsNothing() {
        assertThat(output.appends()).isEmpty();
    }

    @Test
    void muchOutputIsCutOnlyBetweenSourceEvents() {
        String text = "x".repeat(100_000);
        for (Event event : batch) {
            for (int i = 0; i < 7; i++) {
                out.from(event).emit("priced", text);
            }
        }

        List<Append> appends = Objects.requireNonNull(output.appends().get(PRICED));

        assertThat(appends).hasSizeGreaterThan(3);
        assertThat(appends.stream().mapToInt(Append::events).sum()).isEqualTo(70);
        assertThat(appends).allSatisfy(append -> assertThat(append.events() % 7).isZero());
        assertNoMarkCutsAnything(appends);
    }

    @Test
    void outputOutOfItsSourcesOrderIsNeverCutSoThatAMarkDropsIt() {
        // A later append whose parents lie behind an earlier one's would be dropped by the queue as a repetition.
        String text = "x".repeat(100_000);
        List<Event> many = events(0, 100);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Output shuffled = new Output(RUN, INFO, many);
        Emitter emitter = shuffled.emitter(many);
        for (int i = 0; i < 90; i++) {
            emitter.from(many.get(Math.min(99, i + random.nextInt(5)))).emit("priced", text);
        }

        List<Append> appends = Objects.requireNonNull(shuffled.appends().get(PRICED));

        assertThat(appends.stream().mapToInt(Append::events).sum()).isEqualTo(90);
        assertThat(appends).as("seed %s", seed).hasSizeGreaterThan(1);
        assertNoMarkCutsAnything(appends);
    }

    @Test
    void aBatchsOwnOutputBeforeThatOfItsEventsStaysWithIt() {
        String text = "x".repeat(900_000);
        out.emit("priced", text);
        out.emit("priced", text);
        out.from(batch.get(2)).emit("priced", 1);

        assertThat(output.appends().get(PRICED)).hasSize(1);
    }

    @Test
    void moreThanAnAppendTakesFromOneEventIsAnError() {
        Emitter one = out.from(batch.get(0));
        String text = "x".repeat(4_000_000);
        for (int i = 0; i < 5; i++) {
            one.emit("priced", text);
        }
        assertThatThrownBy(output::appends).hasMessageContaining("more into one queue than an append takes");
    }

    @Test
    void moreThanSixtyFourMebibytesFromOneBatchIsAnError() {
        String text = "x".repeat(4_000_000);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 17; i++) {
                        out.emit("queue" + i, text);
                    }
                })
                .hasMessageContaining("make it smaller");
    }

    @Test
    void anEventThatIsTooLargeOrMisplacedIsRefusedAtOnce() {
        assertThatThrownBy(() -> out.emit("priced", "x".repeat(4 << 20))).hasMessageContaining("at most 4194304");
        assertThatThrownBy(() -> out.emit("a|b", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.emit("priced", new Object())).isInstanceOf(IllegalArgumentException.class);
        assertThat(output.appends()).isEmpty();
    }

    @Test
    void whatIsEmittedAfterTheHandlerReturnedIsRefused() {
        output.appends();
        assertThatThrownBy(() -> out.emit("priced", 1)).hasMessageContaining("has returned");
    }

    @Test
    void whatIsEmittedStandsInTheTraceOfItsParentsUnderAParentOfItsOwn() {
        List<Event> traced = List.of(traced(0, TRACE), traced(1, TRACE), traced(2, OTHER), event(3));
        Output all = new Output(RUN, INFO, traced);
        Emitter emitter = all.emitter(traced);

        emitter.emit("priced", "of several traces");
        emitter.from(traced.get(0)).emit("priced", 0);
        emitter.from(traced.get(1)).emit("priced", 1);
        emitter.from(traced.get(2)).emit("priced", 2);
        emitter.from(traced.get(3)).emit("priced", 3);

        List<NewEvent> emitted = read(all.appends().get(PRICED));
        assertThat(emitted.get(0).trace()).isNull();
        assertThat(emitted.get(1).trace())
                .isEqualTo(TRACE.child("price", traced.get(0).asParent()));
        assertThat(emitted.get(2).trace())
                .isEqualTo(TRACE.child("price", traced.get(1).asParent()));
        assertThat(Objects.requireNonNull(emitted.get(3).trace()).id()).isEqualTo(OTHER.id());
        assertThat(emitted.get(4).trace()).isNull();
    }

    @Test
    void aBatchOfOneTraceEmitsIntoThat() {
        List<Event> traced = List.of(traced(0, TRACE), traced(1, TRACE));
        Output all = new Output(RUN, INFO, traced);

        all.emitter(traced).emit("priced", "sum");

        NewEvent sum = read(all.appends().get(PRICED)).get(0);
        assertThat(sum.trace()).isEqualTo(TRACE.child("price", Objects.requireNonNull(sum.correlation())));
    }

    private static Event traced(long n, Trace trace) {
        return new Event(null, "orders", id(n), NOW, NOW - n, null, trace, Payload.ofJson("1"));
    }

    private List<NewEvent> emitted() {
        return read(output.appends().get(PRICED));
    }

    private static List<NewEvent> read(@org.jspecify.annotations.Nullable List<Append> appends) {
        List<NewEvent> events = new ArrayList<>();
        for (Append append : Objects.requireNonNull(appends)) {
            for (Block block : append.blocks()) {
                BlockReader reader = new BlockReader(block);
                while (reader.advance()) {
                    events.add(reader.newEvent());
                }
            }
        }
        return events;
    }

    private static void assertNoMarkCutsAnything(List<Append> appends) {
        EventId mark = null;
        for (Append append : appends) {
            ParentRange range = append.parents().get(0);
            if (mark != null) {
                assertThat(range.least()).isGreaterThan(mark);
            }
            mark = range.greatest();
        }
    }
}
