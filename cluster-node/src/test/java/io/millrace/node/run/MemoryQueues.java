package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Configured;
import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Queues in memory. Answers can be scripted, appends can be held back. */
public final class MemoryQueues implements Queues {
    private static final EventId FIRST = new EventId(1_700_000_000_000L, 0);

    /** What the next appends and reads are refused with, one each. */
    public final Deque<ProblemType> refuseAppends = new ArrayDeque<>();

    public final Deque<ProblemType> refuseReads = new ArrayDeque<>();

    /** What the next appends are refused with, one each. */
    public final Deque<Problem.Overlap> overlaps = new ArrayDeque<>();

    /** All appends that came, refused or not, in order, as {@code queue: events}. */
    public final List<String> appends = new ArrayList<>();

    /** When set, what {@link #countAfter} answers. */
    public volatile @Nullable CompletionStage<Outcome<Long>> countAnswer;

    /** Up to where the output of a source stands in a queue. */
    private final Map<String, EventId> marks = new HashMap<>();

    /** Whether {@link #describe} tells how many events there are, and which is the first. */
    public volatile boolean tellsOfItself;

    private final Map<QueueName, List<Block>> logs = new HashMap<>();
    private final List<CompletableFuture<Void>> readers = new ArrayList<>();
    private @Nullable CompletableFuture<Void> gate;

    /** From now on appends wait until they are let through. */
    public synchronized CompletableFuture<Void> holdAppends() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        gate = held;
        return held;
    }

    /** Puts {@code count} events, whose payloads go on from the number of events there. */
    public synchronized void put(String queue, int count) {
        BlockWriter writer = new BlockWriter("");
        int from = events(queue).size();
        for (int i = 0; i < count; i++) {
            writer.add(NewEvent.of(Payload.of(from + i)));
        }
        add(new QueueName(queue), List.of(writer.build(false)));
    }

    public synchronized List<Event> events(String queue) {
        List<Event> events = new ArrayList<>();
        for (Block block : log(new QueueName(queue))) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                events.add(reader.event());
            }
        }
        return events;
    }

    public List<String> payloads(String queue) {
        return events(queue).stream().map(event -> event.payload().toString()).toList();
    }

    private List<Block> log(QueueName queue) {
        return logs.computeIfAbsent(queue, name -> new ArrayList<>());
    }

    private void add(QueueName queue, List<Block> blocks) {
        List<Block> log = log(queue);
        for (Block block : blocks) {
            EventId first = log.isEmpty()
                    ? FIRST
                    : log.get(log.size() - 1).header().last().plus(1);
            log.add(block.stamped(queue, first));
        }
        List<CompletableFuture<Void>> waiting = List.copyOf(readers);
        readers.clear();
        waiting.forEach(reader -> reader.completeAsync(() -> null));
    }

    @Override
    public synchronized CompletionStage<Outcome<AppendResult>> append(QueueName queue, Append append) {
        appends.add(queue + ": " + append.events());
        if (!refuseAppends.isEmpty()) {
            return CompletableFuture.completedStage(Outcome.refused(refuseAppends.removeFirst(), "scripted"));
        }
        CompletableFuture<Void> held = gate;
        return (held == null ? CompletableFuture.<Void>completedFuture(null) : held).thenApply(open -> {
            synchronized (this) {
                if (!overlaps.isEmpty()) {
                    return new Outcome.Refused<>(Problem.overlap(overlaps.removeFirst()));
                }
                if (isAhead(queue, append)) {
                    return Outcome.refused(ProblemType.SEQUENCE_GAP, "it follows what isn't there");
                }
                append.parents().forEach(range -> marks.put(queue + " " + range.source(), range.greatest()));
                add(queue, append.blocks());
            }
            return Outcome.done(new AppendResult(queue.value(), append.events(), null, null, 0));
        });
    }

    private boolean isAhead(QueueName queue, Append append) {
        Append.Follows before = append.follows();
        EventId mark = before == null ? null : marks.get(queue + " " + before.source());
        return before != null && (mark == null || before.position().isAfter(mark));
    }

    public synchronized int appendCount() {
        return appends.size();
    }

    @Override
    public synchronized CompletionStage<Outcome<ReadStep>> read(
            QueueName queue, Cursor cursor, int maxBytes, Duration wait) {
        if (!refuseReads.isEmpty()) {
            return CompletableFuture.completedStage(Outcome.refused(refuseReads.removeFirst(), "scripted"));
        }
        ReadStep step = step(queue, cursor, maxBytes);
        if (!step.blocks().isEmpty()) {
            return CompletableFuture.completedStage(Outcome.done(step));
        }
        CompletableFuture<Void> reader = new CompletableFuture<>();
        readers.add(reader);
        return reader.completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(woken -> {
                    synchronized (this) {
                        return Outcome.done(step(queue, cursor, maxBytes));
                    }
                });
    }

    private ReadStep step(QueueName queue, Cursor cursor, int maxBytes) {
        List<Block> found = new ArrayList<>();
        int bytes = 0;
        for (Block block : log(queue)) {
            if (bytes < maxBytes && cursor.after().isBefore(block.header().last())) {
                found.add(block);
                bytes += block.length();
            }
        }
        Position after = found.isEmpty()
                ? cursor.after()
                : Position.of(found.get(found.size() - 1).header().last());
        return new ReadStep(found, new Cursor(after, 0), bytes < maxBytes);
    }

    @Override
    public synchronized CompletionStage<Outcome<Optional<EventId>>> tail(QueueName queue) {
        List<Event> events = events(queue.value());
        return CompletableFuture.completedStage(Outcome.done(
                events.isEmpty()
                        ? Optional.empty()
                        : Optional.of(events.get(events.size() - 1).eid())));
    }

    @Override
    public CompletionStage<Outcome<Long>> countAfter(QueueName queue, Position position) {
        CompletionStage<Outcome<Long>> scripted = countAnswer;
        return scripted != null
                ? scripted
                : CompletableFuture.completedStage(Outcome.done(events(queue.value()).stream()
                        .filter(event -> position.isBefore(event.eid()))
                        .count()));
    }

    @Override
    public CompletionStage<Outcome<QueueInfo>> describe(QueueName queue) {
        List<Event> events = events(queue.value());
        if (tellsOfItself && !events.isEmpty()) {
            return CompletableFuture.completedStage(Outcome.done(new QueueInfo(
                    queue.value(),
                    null,
                    null,
                    null,
                    null,
                    events.size(),
                    0,
                    events.get(0).eid(),
                    events.get(events.size() - 1).eid(),
                    Instant.EPOCH,
                    Instant.EPOCH,
                    false,
                    false,
                    List.of(),
                    List.of())));
        }
        return CompletableFuture.completedStage(Outcome.refused(ProblemType.NOT_FOUND, "not told of here"));
    }

    @Override
    public CompletionStage<Outcome<Configured<QueueInfo>>> configure(
            QueueName queue, QueueConfig config, @Nullable String ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<Page.Queues>> list(String prefix, String after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<QueueInfo>> archive(QueueName queue, boolean purge) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<ProducerInfo>> producer(QueueName queue, ProducerId producer) {
        throw new UnsupportedOperationException();
    }
}
