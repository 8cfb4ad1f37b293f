package io.millrace.client;

import io.millrace.protocol.BotId;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.EventHandler;
import io.millrace.protocol.http.AppendResult;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of one bus. Thread-safe; make one and share it. The package's description is the guide.
 *
 * <p>Queues are named bare or as {@code queue:name}, bots bare or as {@code bot:name}; a name that isn't allowed is an
 * {@link IllegalArgumentException}. Everything else that goes wrong is a {@link MillraceException}.
 */
public final class Millrace implements AutoCloseable {
    private final Connection connection;
    private final Duration closeTimeout;
    private final Puts puts;
    private final Set<LoadCore> loaders = ConcurrentHashMap.newKeySet();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Millrace(Connection connection, Duration closeTimeout) {
        this.connection = connection;
        this.closeTimeout = closeTimeout;
        this.puts = new Puts(connection);
    }

    /** A client with all defaults; see {@link #builder}. */
    public static Millrace connect(URI... nodes) {
        return builder(nodes).build();
    }

    /**
     * A builder that tells the defaults.
     *
     * @param nodes 1 to 100 addresses of one bus, such as {@code http://host:8080}. Any node serves any request: the client
     *     uses one of them, and goes on to the next when that one can't be reached or can't serve
     */
    public static MillraceBuilder builder(URI... nodes) {
        return new MillraceBuilder(List.of(nodes));
    }

    /**
     * Puts one event and waits until it is durable and readable. Puts of several threads share requests.
     *
     * @param payload a {@link Payload}, or any object that Jackson can write as JSON
     * @return the event's id
     */
    public EventId put(String queue, @Nullable Object payload) {
        return Replies.await(putAsync(queue, payload));
    }

    /** As {@link #put}, without waiting. */
    public CompletionStage<EventId> putAsync(String queue, @Nullable Object payload) {
        return puts.put(QueueName.of(queue), List.of(NewEvent.of(Payload.of(payload))))
                .thenApply(Millrace::firstOf);
    }

    private static EventId firstOf(AppendResult result) {
        EventId first = result.first();
        if (first == null) {
            throw new RejectedException("the queue dropped the event as a repetition", null, null);
        }
        return first;
    }

    /**
     * Puts events, all or none, one behind the other, and waits until they are durable and readable.
     *
     * @param events 1 to 100,000, at most 16 MiB
     */
    public AppendResult putEvents(String queue, List<NewEvent> events) {
        return Replies.await(putEventsAsync(queue, events));
    }

    /** As {@link #putEvents}, without waiting. */
    public CompletionStage<AppendResult> putEventsAsync(String queue, List<NewEvent> events) {
        return puts.put(QueueName.of(queue), events);
    }

    /** A sink for vast numbers of events into one queue (others may be named with each event). */
    public Loader load(String queue, LoadOptions options) {
        return loader(QueueName.of(queue), options);
    }

    /** As {@link #load(String, LoadOptions)} with the defaults. */
    public Loader load(String queue) {
        return load(queue, LoadOptions.DEFAULT);
    }

    /** A sink for vast numbers of events into many queues: each event names its own. */
    public Loader load(LoadOptions options) {
        return loader(null, options);
    }

    private Loader loader(@Nullable QueueName queue, LoadOptions options) {
        requireOpen();
        LoadCore core = new LoadCore(connection, options);
        loaders.add(core);
        return new Loader(core, queue, () -> loaders.remove(core));
    }

    /** Reads a queue from its beginning to its tail as it stands. */
    public EventReader read(String queue) {
        return read(queue, ReadOptions.DEFAULT);
    }

    /** Reads a queue. An unknown queue reads as empty. */
    public EventReader read(String queue, ReadOptions options) {
        requireOpen();
        return new EventReader(new PageStream(connection, QueueName.of(queue), options), options);
    }

    /** Reads a queue and keeps going when its tail is reached, as events come, until closed. */
    public EventReader follow(String queue, ReadOptions options) {
        return read(queue, options.follow(true));
    }

    /** As {@link #read(String, ReadOptions)}, as a publisher: each subscriber gets a read of its own, at its own pace. */
    public Flow.Publisher<Event> publish(String queue, ReadOptions options) {
        requireOpen();
        QueueName name = QueueName.of(queue);
        return new EventPublisher(
                () -> new PageStream(connection, name, options),
                options.bytes,
                connection.transport().executor());
    }

    /** Does the runs of a registered bot here, an event at a time. What the handler emits is written effectively once. */
    public Worker worker(String bot, EventHandler handler) {
        return worker(bot, () -> handler, WorkerOptions.DEFAULT);
    }

    /** As {@link #worker(String, EventHandler)}, a batch at a time. */
    public Worker batchWorker(String bot, BotHandler handler) {
        return worker(bot, () -> handler, WorkerOptions.DEFAULT);
    }

    /** Does the runs of a registered bot here, with a handler of its own for each run. */
    public Worker worker(String bot, Supplier<? extends BotHandler> handlers, WorkerOptions options) {
        requireOpen();
        Worker worker = new Worker(connection, BotId.of(bot), handlers, options, workers::remove);
        workers.add(worker);
        return worker;
    }

    /**
     * Takes events elsewhere: read, function, checkpoint. Registers the bot, triggered by {@code queue}, if there is none of
     * this name. An event comes again when the run fails before its checkpoint: at least once.
     */
    public Worker offload(String bot, String queue, EventConsumer consumer) {
        registerIfAbsent(bot, BotRegistration.worker().triggers(queue));
        return worker(bot, Operations.offload(consumer));
    }

    /**
     * Makes events of events: read, function, write, checkpoint. Registers the bot, triggered by {@code from}, if there is
     * none of this name. Each event's output is in {@code to} effectively once.
     */
    public Worker enrich(String bot, String from, String to, EventFunction function) {
        registerIfAbsent(bot, BotRegistration.worker().triggers(from).writes(to));
        return worker(bot, Operations.enrich(to, function));
    }

    /**
     * Makes one event of many: read a batch, function, write, checkpoint. Registers the bot with these limits if there is
     * none of this name; a registered one keeps its own.
     */
    public Worker reduce(String bot, String from, String to, BatchLimits limits, BatchFunction function) {
        registerIfAbsent(bot, BotRegistration.worker().triggers(from).writes(to).batch(limits));
        return batchWorker(bot, Operations.reduce(to, function));
    }

    private void registerIfAbsent(String bot, BotRegistration registration) {
        if (bots().get(bot).isEmpty()) {
            bots().register(bot, registration);
        }
    }

    /** Administration of queues. */
    public Queues queues() {
        return new Queues(connection);
    }

    /** Administration of bots. */
    public Bots bots() {
        return new Bots(connection);
    }

    /** Ranges of queues that single bots handle again. */
    public Replays replays() {
        return new Replays(connection);
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException("the client was closed", null, null);
        }
    }

    /**
     * Takes nothing more, stops the workers behind their batches, drains loaders and puts, all within the builder's close
     * time-out (30 s), and ends what is still under way.
     *
     * @throws LoadFailedException if a loader couldn't be drained
     */
    @Override
    public void close() {
        closed = true;
        puts.close();
        long end = System.nanoTime() + closeTimeout.toNanos();
        MillraceException failure = null;
        CompletableFuture<?>[] stopping = workers.stream()
                .map(worker -> CompletableFuture.runAsync(
                        () -> worker.close(left(end)), connection.transport().executor()))
                .toArray(CompletableFuture<?>[]::new);
        for (LoadCore loader : loaders) {
            try {
                loader.close(left(end));
            } catch (MillraceException e) {
                failure = failure == null ? e : failure;
            }
        }
        try {
            puts.drained()
                    .orTimeout(left(end).toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS)
                    .join();
            CompletableFuture.allOf(stopping).join();
        } catch (java.util.concurrent.CompletionException e) {
            // Who put something hears of it by the stage that he holds.
        } finally {
            connection.transport().close();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
    }
}
