package io.millrace.node.http;

import io.millrace.node.application.Append;
import io.millrace.node.application.Configured;
import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Queues in memory, one record a block, with a note of everything that would change something. */
final class FakeQueues implements Queues {
    private static final EventId FIRST = new EventId(1_700_000_000_000L, 0);

    final List<String> changes = new CopyOnWriteArrayList<>();
    final List<Append> appends = new CopyOnWriteArrayList<>();
    private final Map<QueueName, List<Block>> logs = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Void>> waiting = new CopyOnWriteArrayList<>();

    /** What the next appends answer instead. */
    volatile @Nullable CompletionStage<Outcome<AppendResult>> appendAnswer;

    /** What the next reads answer instead. */
    volatile @Nullable CompletionStage<Outcome<ReadStep>> readAnswer;

    private final AtomicInteger reads = new AtomicInteger();

    private final AtomicInteger stuck = new AtomicInteger();

    /** Records of a queue whose events retention has removed. */
    private final Map<QueueName, Integer> floors = new ConcurrentHashMap<>();

    /** What retention removes after the first read. */
    volatile int floorAfterFirstRead;

    /** Retention removes a queue's first records, be they there already or still to come. */
    void trim(String queue, int records) {
        floors.put(new QueueName(queue), records);
    }

    /** How many appends got {@link #appendAnswer}. */
    int stuckAppends() {
        return stuck.get();
    }

    /** How often it was read. */
    int reads() {
        return reads.get();
    }

    /** Whether somebody waits for an event. */
    boolean isAwaited() {
        return waiting.stream().anyMatch(waiter -> !waiter.isDone());
    }

    /** Appends before every read but the first of a queue, as busy writers do. */
    volatile @Nullable Append interference;

    void reset() {
        interference = null;
        reads.set(0);
        changes.clear();
        appends.clear();
        logs.clear();
        waiting.forEach(waiter -> waiter.complete(null));
        waiting.clear();
        appendAnswer = null;
        readAnswer = null;
        floors.clear();
        floorAfterFirstRead = 0;
    }

    List<Event> events(String queue) {
        List<Event> events = new ArrayList<>();
        for (Block block : log(new QueueName(queue))) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                events.add(reader.event());
            }
        }
        return events;
    }

    private List<Block> log(QueueName queue) {
        return logs.computeIfAbsent(queue, name -> new CopyOnWriteArrayList<>());
    }

    @Override
    public CompletionStage<Outcome<Long>> countAfter(QueueName queue, io.millrace.protocol.Position position) {
        return java.util.concurrent.CompletableFuture.completedStage(Outcome.done(0L));
    }

    @Override
    public CompletionStage<Outcome<AppendResult>> append(QueueName queue, Append append) {
        if (appendAnswer != null) {
            stuck.incrementAndGet();
            return appendAnswer;
        }
        changes.add("append " + queue);
        appends.add(append);
        List<Block> log = log(queue);
        EventId first = log.isEmpty() ? FIRST : last(log).plus(1);
        for (Block block : append.blocks()) {
            log.add(block.stamped(queue, log.isEmpty() ? FIRST : last(log).plus(1)));
        }
        waiting.forEach(waiter -> waiter.complete(null));
        waiting.clear();
        return done(new AppendResult(queue.value(), append.events(), first, last(log), 0));
    }

    private static EventId last(List<Block> log) {
        return log.get(log.size() - 1).header().last();
    }

    @Override
    public CompletionStage<Outcome<ReadStep>> read(QueueName queue, Cursor cursor, int maxBytes, Duration wait) {
        if (readAnswer != null) {
            return readAnswer;
        }
        Append more = interference;
        if (reads.incrementAndGet() > 1 && more != null) {
            append(queue, more);
        }
        if (reads.get() > 1 && floorAfterFirstRead > 0) {
            floors.put(queue, floorAfterFirstRead);
        }
        ReadStep step = step(queue, cursor, maxBytes);
        if (!step.blocks().isEmpty() || wait.isZero()) {
            return done(step);
        }
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        waiting.add(waiter);
        return waiter.completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(nothing -> Outcome.done(step(queue, cursor, maxBytes)));
    }

    private ReadStep step(QueueName queue, Cursor cursor, int maxBytes) {
        List<Block> log = log(queue);
        int floor = floors.getOrDefault(queue, 0);
        int index = Math.max(floor, (int) cursor.record());
        while (index < log.size()
                && !cursor.after().isBefore(log.get(index).header().last())) {
            index++;
        }
        List<Block> blocks = new ArrayList<>();
        for (int bytes = 0; index < log.size() && bytes < maxBytes; index++) {
            blocks.add(log.get(index));
            bytes += log.get(index).length();
        }
        boolean skips = floor > 0
                && floor < log.size()
                && !cursor.after().equals(Position.BEGINNING)
                && cursor.after().isBefore(log.get(floor - 1).header().last());
        return new ReadStep(
                blocks,
                new Cursor(blocks.isEmpty() ? cursor.after() : Position.of(last(blocks)), index),
                index == log.size(),
                skips ? log.get(floor).header().first() : null);
    }

    @Override
    public CompletionStage<Outcome<Optional<EventId>>> tail(QueueName queue) {
        List<Block> log = log(queue);
        return done(log.isEmpty() ? Optional.empty() : Optional.of(last(log)));
    }

    @Override
    public CompletionStage<Outcome<QueueInfo>> describe(QueueName queue) {
        return logs.containsKey(queue)
                ? done(info(queue, null))
                : CompletableFuture.completedStage(Outcome.refused(ProblemType.NOT_FOUND, "there is no such queue"));
    }

    static QueueInfo info(QueueName queue, @Nullable String description) {
        return new QueueInfo(
                queue.value(),
                description,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                Instant.EPOCH,
                null,
                false,
                false,
                List.of(),
                List.of());
    }

    @Override
    public CompletionStage<Outcome<Configured<QueueInfo>>> configure(
            QueueName queue, QueueConfig config, @Nullable String ifMatch) {
        if (ifMatch != null && !ifMatch.equals("\"7\"")) {
            return CompletableFuture.completedStage(
                    Outcome.refused(ProblemType.PRECONDITION_FAILED, "the queue has changed meanwhile"));
        }
        changes.add("configure " + queue + " " + config.description());
        return done(new Configured<>(info(queue, config.description()), !logs.containsKey(queue), "\"7\""));
    }

    @Override
    public CompletionStage<Outcome<Page.Queues>> list(String prefix, String after, int limit) {
        return done(new Page.Queues(
                logs.keySet().stream()
                        .filter(queue -> queue.value().startsWith(prefix)
                                && queue.value().compareTo(after) > 0)
                        .sorted()
                        .limit(limit)
                        .map(queue -> info(queue, null))
                        .toList(),
                null));
    }

    @Override
    public CompletionStage<Outcome<QueueInfo>> archive(QueueName queue, boolean purge) {
        changes.add("archive " + queue + (purge ? " and purge" : ""));
        return done(info(queue, null));
    }

    @Override
    public CompletionStage<Outcome<ProducerInfo>> producer(QueueName queue, ProducerId producer) {
        return done(new ProducerInfo(producer.value(), 5, FIRST, FIRST.plus(9)));
    }

    private static <T> CompletionStage<Outcome<T>> done(T value) {
        return CompletableFuture.completedStage(Outcome.done(value));
    }
}
