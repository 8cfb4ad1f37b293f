package io.millrace.client.fake;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockCheck;
import io.millrace.protocol.block.BlockException;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRanges;
import io.millrace.protocol.event.InvalidEventsException;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueInfo;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One queue in memory. */
public final class FakeQueue {
    private record Taken(int hash, AppendResult result) {}

    private static final class Producer {
        long last;
        final Map<Long, Taken> answers = new HashMap<>();
    }

    final QueueName name;
    private final Instant createdAt = Instant.now();
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, Producer> producers = new HashMap<>();
    private final Map<String, EventId> marks = new HashMap<>();
    private EventId last = EventId.MIN;
    private @Nullable EventId gone;
    private int appends;
    /** Stores nothing, for measuring the client alone. */
    volatile boolean forgetful;

    FakeQueue(QueueName name) {
        this.name = name;
    }

    synchronized AppendResult append(byte[] body, @Nullable String producer, long sequence, @Nullable String bot) {
        if (producer == null) {
            return store(body, bot);
        }
        Producer state = producers.computeIfAbsent(producer, p -> new Producer());
        if (sequence > state.last + Limits.SEQUENCE_WINDOW) {
            throw new Refusal(ProblemType.SEQUENCE_GAP, "too far ahead");
        }
        long end = System.currentTimeMillis() + 5_000;
        while (sequence > state.last + 1) {
            long left = end - System.currentTimeMillis();
            if (left <= 0) {
                throw new Refusal(ProblemType.SEQUENCE_GAP, "the gap did not fill");
            }
            pause(left);
        }
        int hash = Arrays.hashCode(body);
        if (sequence <= state.last) {
            Taken before = state.answers.get(sequence);
            if (before == null || before.hash != hash) {
                throw new Refusal(ProblemType.SEQUENCE_CONFLICT, "taken with other content");
            }
            return before.result;
        }
        AppendResult result = store(body, bot);
        state.last = sequence;
        state.answers.put(sequence, new Taken(hash, result));
        state.answers.remove(sequence - 2L * Limits.SEQUENCE_WINDOW);
        notifyAll();
        return result;
    }

    private AppendResult store(byte[] body, @Nullable String bot) {
        List<NewEvent> events = new ArrayList<>();
        int read = 0;
        for (Block block : Block.readAll(ByteBuffer.wrap(body))) {
            try {
                if (!forgetful) {
                    BlockCheck.check(block);
                }
            } catch (BlockException e) {
                throw new Refusal(ProblemType.INVALID_BLOCK, e.getMessage());
            } catch (InvalidEventsException e) {
                throw new Refusal(Problem.of(e.type(), e.getMessage(), e.errors()));
            }
            if (forgetful) {
                EventId first = last.next(System.currentTimeMillis());
                last = first.plus(block.header().events() - 1);
                return new AppendResult(name.value(), block.header().events(), first, last, 0);
            }
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                read++;
                NewEvent event = reader.newEvent();
                events.add(new NewEvent(
                        event.payload(),
                        event.correlation(),
                        event.sourceTimestamp(),
                        bot != null
                                ? bot
                                : block.header().writer().isEmpty()
                                        ? null
                                        : block.header().writer(),
                        event.trace()));
            }
        }
        List<NewEvent> kept = bot == null ? events : fresh(events, bot);
        appends++;
        if (kept.isEmpty()) {
            return new AppendResult(name.value(), 0, null, null, read);
        }
        BlockWriter writer = new BlockWriter("");
        kept.forEach(writer::add);
        EventId first = last.next(System.currentTimeMillis());
        Block block = writer.build(true).stamped(name, first);
        blocks.add(block);
        last = block.header().last();
        notifyAll();
        return new AppendResult(name.value(), kept.size(), first, last, read - kept.size());
    }

    /** Drops what lies at or below the mark of its bot and source, as it stood before this append. */
    private List<NewEvent> fresh(List<NewEvent> events, String bot) {
        List<NewEvent> kept = new ArrayList<>();
        Map<String, EventId> raised = new HashMap<>(marks);
        for (NewEvent event : events) {
            Correlation correlation = event.correlation();
            EventId parent = correlation == null ? null : ParentRanges.parentOf(correlation);
            if (parent == null) {
                kept.add(event);
                continue;
            }
            String key = bot + " " + ParentRanges.source(correlation);
            EventId mark = marks.get(key);
            if (mark != null
                    && parent.isAfter(mark)
                    && !ParentRanges.firstOf(correlation, parent).isAfter(mark)) {
                throw new Refusal(Problem.overlap(new Problem.Overlap(ParentRanges.source(correlation), mark)));
            }
            if (mark == null || parent.isAfter(mark)) {
                kept.add(event);
                raised.merge(key, parent, (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        marks.putAll(raised);
        return kept;
    }

    /** As if an earlier run of the bot had emitted for all up to an event, and had ended before it said so. */
    public synchronized void mark(String bot, String source, EventId upTo) {
        marks.put(bot + " " + source, upTo);
    }

    /** Retention removes the first blocks. */
    public synchronized void trim(int count) {
        List<Block> removed = blocks.subList(0, count);
        gone = removed.get(count - 1).header().last();
        removed.clear();
    }

    /** Where a reader goes on whose next events are gone; null if they aren't. */
    synchronized @Nullable EventId skippedTo(Position after) {
        return gone != null && after.isBefore(gone) && !after.equals(Position.BEGINNING)
                ? blocks.get(0).header().first()
                : null;
    }

    synchronized List<Block> read(Position after, int limit, int bytes, long waitMillis) {
        long end = System.currentTimeMillis() + waitMillis;
        while (!after.isBefore(last) && System.currentTimeMillis() < end) {
            pause(Math.max(1, end - System.currentTimeMillis()));
        }
        List<Block> page = new ArrayList<>();
        int events = 0;
        int size = 0;
        for (int i = firstAfter(after); i < blocks.size() && events < limit && size < bytes; i++) {
            page.add(blocks.get(i));
            events += blocks.get(i).header().events();
            size += blocks.get(i).length();
        }
        return page;
    }

    private int firstAfter(Position after) {
        int low = 0;
        int high = blocks.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (after.isBefore(blocks.get(middle).header().last())) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            throw new Refusal(ProblemType.UNAVAILABLE, "stopping");
        }
    }

    synchronized @Nullable ProducerInfo producer(String producer) {
        Producer state = producers.get(producer);
        if (state == null || state.last == 0) {
            return null;
        }
        Taken taken = state.answers.get(state.last);
        return new ProducerInfo(
                producer,
                state.last,
                taken == null ? null : taken.result.first(),
                taken == null ? null : taken.result.last());
    }

    synchronized QueueInfo info() {
        long events = blocks.stream().mapToLong(b -> b.header().events()).sum();
        return new QueueInfo(
                name.value(),
                null,
                null,
                null,
                null,
                events,
                blocks.stream().mapToLong(Block::length).sum(),
                blocks.isEmpty() ? null : blocks.get(0).header().first(),
                blocks.isEmpty() ? null : last,
                createdAt,
                null,
                false,
                false,
                List.of(),
                List.of());
    }

    /** All events, in order. */
    public synchronized List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (Block block : blocks) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                events.add(reader.event());
            }
        }
        return events;
    }

    /** All payloads as text, in order. */
    public List<String> payloads() {
        return events().stream().map(event -> event.payload().toString()).toList();
    }

    public synchronized int appends() {
        return appends;
    }

    synchronized boolean hasAfter(Position position) {
        return position.isBefore(last);
    }
}
