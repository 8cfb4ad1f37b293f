package io.millrace.client;

import io.millrace.client.internal.Answer;
import io.millrace.client.internal.Backoff;
import io.millrace.client.internal.Transport;
import io.millrace.protocol.BotId;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.http.RunProtocol.Grant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does the runs of one bot in this process, on one thread: asks the bus for a run, does it, asks again. Any number of
 * workers may ask for the same bot; the bus gives a run to one of them.
 */
public final class Worker implements AutoCloseable {
    private static final Duration ASK = Duration.ofSeconds(30);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final Connection connection;
    private final BotId bot;
    private final Supplier<? extends BotHandler> handlers;
    private final WorkerOptions options;
    private final Consumer<Worker> onClose;
    private final CompletableFuture<@Nullable Void> closing = new CompletableFuture<>();
    private final Thread thread;
    private volatile @Nullable CompletableFuture<Answer> asking;
    private volatile @Nullable Throwable lastError;
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong events = new AtomicLong();

    Worker(
            Connection connection,
            BotId bot,
            Supplier<? extends BotHandler> handlers,
            WorkerOptions options,
            Consumer<Worker> onClose) {
        this.connection = connection;
        this.bot = bot;
        this.handlers = handlers;
        this.options = options;
        this.onClose = onClose;
        this.thread = Transport.threads("millrace-worker-" + bot.value()).newThread(this::work);
        thread.start();
    }

    /** The bot's name. */
    public String bot() {
        return bot.value();
    }

    /** Runs that it was given so far. */
    public long runs() {
        return runs.get();
    }

    /** Events that it handled so far, with what they gave durable. */
    public long events() {
        return events.get();
    }

    /** What went wrong last: in a run, or when asking for one. The bus shows the errors of runs too. */
    public Optional<Throwable> lastError() {
        return Optional.ofNullable(lastError);
    }

    private void work() {
        int failures = 0;
        while (!closing.isDone()) {
            try {
                Answer answer = ask();
                failures = 0;
                if (answer.status() == 201) {
                    run(Replies.body(answer, Grant.class));
                }
            } catch (InterruptedCallException e) {
                return;
            } catch (RuntimeException e) {
                if (!closing.isDone()) {
                    lastError = e;
                    pause(BACKOFF.delay(++failures));
                }
            }
        }
    }

    private Answer ask() {
        CompletableFuture<Answer> answer = RunSession.ask(connection, bot, options.name(), ASK);
        asking = answer;
        if (closing.isDone()) {
            answer.cancel(true);
        }
        return Replies.await(answer);
    }

    private void run(Grant grant) {
        runs.incrementAndGet();
        RunSession session = new RunSession(connection, grant);
        try {
            RunWork work = new RunWork(connection, session, handlers, options, closing);
            lastError = work.execute(RunWork.ticker(connection, work.progress(), options.checkpointTime()));
            events.addAndGet(work.handled());
        } finally {
            session.end();
        }
    }

    private void pause(Duration time) {
        try {
            closing.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // time to ask again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.complete(null);
        }
    }

    /** As {@link #close(Duration)} with 30 seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Finishes the batch under way, completes the run, and stops. When that takes longer than {@code limit}, the thread is
     * interrupted and the run left to its lease, which the bus ends soon after.
     */
    public void close(Duration limit) {
        closing.complete(null);
        CompletableFuture<Answer> asked = asking;
        if (asked != null) {
            asked.cancel(true);
        }
        onClose.accept(this);
        if (Thread.currentThread() == thread) {
            return; // a handler that ends its own worker: it stops behind this batch
        }
        try {
            thread.join(Math.max(1, limit.toMillis()));
            if (thread.isAlive()) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            throw Replies.interrupted(e);
        }
    }
}
