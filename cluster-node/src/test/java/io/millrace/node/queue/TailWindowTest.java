package io.millrace.node.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.block.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TailWindowTest {
    @Test
    void theNewestRecordIsKeptHoweverLargeItIs() {
        TailWindow window = new TailWindow(10);
        QueueEvent.Appended first = record(EventId.MIN, 100, 1);
        window.add(1, EventId.MIN, first);
        window.add(2, first.last(), record(first.last(), 100, 1));

        assertThat(window.bytes()).isGreaterThan(10);
        assertThat(window.after(Position.BEGINNING, 1_000)).isEmpty();
        assertThat(window.after(Position.of(first.last()), 1_000)).isPresent();
    }

    @Test
    void aRecordOfRepetitionsLeavesNoTrace() {
        TailWindow window = new TailWindow(1_000);
        window.add(1, EventId.MIN, new QueueEvent.Appended(1, EventId.MIN, 0, 0, 0, List.of(), List.of()));
        assertThat(window.bytes()).isZero();
        assertThat(window.after(Position.BEGINNING, 10)).isEmpty();
    }

    @Test
    void afterClearingNothingIsServedUntilSomethingIsAdded() {
        TailWindow window = new TailWindow(1_000_000);
        QueueEvent.Appended first = record(EventId.MIN, 3, 1);
        window.add(1, EventId.MIN, first);
        window.clear();
        assertThat(window.after(Position.BEGINNING, 10)).isEmpty();

        window.add(2, first.last(), record(first.last(), 3, 1));
        assertThat(window.after(Position.BEGINNING, 10)).isEmpty();
        assertThat(window.after(Position.of(first.last()), 10)).isPresent();
    }

    /**
     * Against a plain list of all records: what the window serves is a run of the whole log that begins exactly after the
     * position, and says rightly where to go on and whether that is the tail; what it can't serve began before it.
     */
    @Property(tries = 300)
    void servesWhatAListWouldServe(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 4) Integer> shape,
            @ForAll @IntRange(min = 60, max = 2_000) int limit,
            @ForAll @IntRange(min = 1, max = 1_500) int maxBytes,
            @ForAll @IntRange(min = 0, max = 40) int at,
            @ForAll @IntRange(min = 0, max = 2) int kind) {
        TailWindow window = new TailWindow(limit);
        List<QueueEvent.Appended> all = new ArrayList<>();
        List<EventId> ids = new ArrayList<>();
        EventId last = EventId.MIN;
        for (int blocks : shape) {
            QueueEvent.Appended record = record(last, blocks, 2);
            window.add(all.size() + 1L, last, record);
            all.add(record);
            record.blocks().forEach(block -> Given.events(block).forEach(event -> ids.add(event.eid())));
            last = record.last();
        }
        EventId pivot = ids.get(at % ids.size());
        Position position = kind == 0
                ? Position.BEGINNING
                : kind == 1
                        ? Position.of(pivot)
                        : Position.parse(pivot.toString().substring(0, 32));

        Optional<QueueReply.Read> read = window.after(position, maxBytes);

        List<Block> expected = all.stream()
                .flatMap(record -> record.blocks().stream())
                .filter(block -> position.isBefore(block.header().last()))
                .toList();
        if (expected.isEmpty()) {
            assertThat(read).isEmpty();
            return;
        }
        long firstNeeded = recordOf(all, expected.get(0));
        long firstHeld = firstHeld(all, limit);
        // The record at the window's edge may be needed in part only; then it is the record before that decides.
        assertThat(read.isPresent()).isEqualTo(firstNeeded >= firstHeld);
        read.ifPresent(found -> {
            assertThat(found.blocks())
                    .isEqualTo(expected.subList(0, found.blocks().size()));
            assertThat(found.last())
                    .isEqualTo(expected.get(found.blocks().size() - 1).header().last());
            assertThat(found.atTail()).isEqualTo(found.blocks().size() == expected.size());
            assertThat(found.record())
                    .isEqualTo(recordOf(all, expected.get(found.blocks().size() - 1)) + 1);
            long before = found.blocks().subList(0, found.blocks().size() - 1).stream()
                    .filter(block -> recordOf(all, block) < found.record() - 1)
                    .mapToLong(Block::length)
                    .sum();
            assertThat(before)
                    .as("stops after the record that passes the limit")
                    .isLessThan(maxBytes);
        });
    }

    private static long recordOf(List<QueueEvent.Appended> all, Block block) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).blocks().contains(block)) {
                return i + 1L;
            }
        }
        throw new AssertionError();
    }

    private static long firstHeld(List<QueueEvent.Appended> all, int limit) {
        long bytes = 0;
        int first = all.size();
        while (first > 0 && (first == all.size() || bytes + all.get(first - 1).bytes() <= limit)) {
            first--;
            bytes += all.get(first).bytes();
        }
        return first + 1L;
    }

    /** Each block in a millisecond of its own, so that prefixes lie between them. */
    private static QueueEvent.Appended record(EventId before, int blocks, int events) {
        List<Block> stamped = new ArrayList<>();
        EventId last = before;
        int bytes = 0;
        for (int i = 0; i < blocks; i++) {
            EventId first = new EventId(Math.max(Given.NOW, last.millis() + 1), 0);
            Block block = Given.block("", Given.incompressible(events, 20 + i)).stamped(Given.QUEUE, first);
            stamped.add(block);
            last = block.header().last();
            bytes += block.length();
        }
        return new QueueEvent.Appended(1, last, 0, blocks * events, bytes, List.of(), stamped);
    }
}
