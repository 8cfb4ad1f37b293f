package io.millrace.client;

import io.millrace.client.internal.Answer;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.http.RunProtocol.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run, start to end, on the worker's thread: read, handle, append, checkpoint. While a batch is handled, the next page
 * is fetched and the output of the batch before is appended; its checkpoint moves when that append is acknowledged.
 */
final class RunWork {
    private final RunSession session;
    private final Supplier<? extends BotHandler> handlers;
    private final Connection connection;
    private final WorkerOptions options;
    private final RunProgress progress;
    private final List<TriggerSource> sources = new ArrayList<>();
    private final BatchLimits limits;
    private final WorkTrials trials;
    private final CompletableFuture<?> closing;
    /** Where batches must end, as receiving queues have told. */
    private final List<Problem.Overlap> ends = new ArrayList<>();

    private BotHandler handler;
    private CompletableFuture<@Nullable Void> appended = CompletableFuture.completedFuture(null);
    private int turn;
    private long handled;
    /** Of them, those that the bus has heard of. */
    private long told;

    /** A run that ends early when {@code closing} completes. */
    RunWork(
            Connection connection,
            RunSession session,
            Supplier<? extends BotHandler> handlers,
            WorkerOptions options,
            CompletableFuture<?> closing) {
        this.connection = connection;
        this.session = session;
        this.handlers = handlers;
        this.handler = handlers.get();
        this.options = options;
        this.closing = closing;
        this.progress = new RunProgress(session, options);
        this.limits = BatchLimits.of(session.grant().batch());
        this.trials = new WorkTrials(session.grant());
        open();
    }

    private void open() {
        for (String queue : session.grant().triggers()) {
            List<EventId> endsHere = ends.stream()
                    .filter(end -> end.source().equals(queue))
                    .map(Problem.Overlap::position)
                    .toList();
            sources.add(
                    new TriggerSource(connection, queue, progress.reached(queue), options, endsHere, session::skipped));
        }
    }

    /** Events that were handled, their output durable. */
    long handled() {
        return handled;
    }

    /** Runs to the end; answers what went wrong, if anything. A run that was lost ends without a word to the bus. */
    @Nullable
    Throwable execute(ScheduledFuture<?> ticker) {
        Throwable failure = null;
        try {
            if (sources.isEmpty()) {
                produce();
            } else {
                pumpToTheEnd();
            }
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            failure = e;
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        } finally {
            sources.forEach(TriggerSource::cancel);
            ticker.cancel(false);
        }
        Throwable atEnd = finish(failure);
        session.end();
        return failure == null || failure instanceof RunOverException ? atEnd : failure;
    }

    RunProgress progress() {
        return progress;
    }

    /** An earlier run may have emitted other batches of the same events: then again from the last done, cut as it was. */
    private void pumpToTheEnd() throws Exception {
        boolean done = false;
        while (!done) {
            try {
                pump();
                settle();
                done = true;
            } catch (RejectedException e) {
                Problem.Overlap overlap = e.problem().map(Problem::overlap).orElse(null);
                if (overlap == null || ends.contains(overlap)) {
                    throw e;
                }
                ends.add(overlap);
                appended = CompletableFuture.completedFuture(null);
                handler = handlers.get();
                sources.forEach(TriggerSource::cancel);
                sources.clear();
                open();
            }
        }
    }

    private void pump() throws Exception {
        for (TriggerSource source = awaitSource(); source != null; source = awaitSource()) {
            List<Event> batch = source.take(limits);
            trials.take(source.queue(), batch, new BatchWork(source.queue(), System.currentTimeMillis()));
            sources.forEach(TriggerSource::refresh);
        }
    }

    /** What the handler makes of events, to be sent. */
    private Map<QueueName, List<Emissions.Request>> handle(List<Event> batch) throws Exception {
        session.requireFresh();
        Emissions out = new Emissions(session.info());
        Map<QueueName, List<Emissions.Request>> requests;
        try {
            handler.handle(batch, out.emitter(batch));
            out.close();
            requests = out.requests();
        } catch (InterruptedException | InterruptedCallException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            session.requireFresh(); // what fails in a lost run is nobody's fault
            handler = handlers.get(); // one that throws is not to be used any more
            throw new HandlerFailedException(e);
        } finally {
            out.close();
        }
        session.requireFresh();
        return requests;
    }

    /** Events of one queue on their way. */
    private final class BatchWork implements WorkTrials.Work {
        private final String queue;
        private final long started;

        BatchWork(String queue, long started) {
            this.queue = queue;
            this.started = started;
        }

        @Override
        public void handle(List<Event> events) throws Exception {
            Map<QueueName, List<Emissions.Request>> requests = RunWork.this.handle(events);
            settle();
            append(requests, queue, events, started);
        }

        @Override
        public RunProtocol.Action ask(Event event, @Nullable Throwable failure, boolean rejected) {
            settle();
            long well = handled - told;
            told = handled;
            return Replies.await(session.suspect(new RunProtocol.Suspicion(
                            queue,
                            event.eid(),
                            failure == null ? null : RunSession.bounded(describe(failure)),
                            rejected,
                            well,
                            null,
                            progress.take())))
                    .action();
        }

        @Override
        public void pass(Event event) {
            progress.done(queue, List.of(event), started);
        }
    }

    /** A run without triggers: the handler is called once with nothing read, and what it emits is numbered. */
    private void produce() throws Exception {
        long sequence = 0;
        for (List<Emissions.Request> requests : produced().values()) {
            sequence = 0;
            for (Emissions.Request request : requests) {
                Replies.await(session.append(request.queue(), request.block(), ++sequence));
            }
        }
    }

    private Map<QueueName, List<Emissions.Request>> produced() throws Exception {
        try {
            return handle(List.of());
        } catch (HandlerFailedException e) {
            if (e.failure() instanceof Exception failure) {
                throw failure;
            }
            throw (Error) e.failure();
        }
    }

    private void append(Map<QueueName, List<Emissions.Request>> out, String queue, List<Event> batch, long started) {
        List<CompletableFuture<?>> queues = new ArrayList<>();
        for (List<Emissions.Request> requests : out.values()) {
            CompletableFuture<?> chain = CompletableFuture.completedFuture(null);
            for (Emissions.Request request : requests) {
                chain = chain.thenCompose(before -> session.append(request.queue(), request.block()));
            }
            queues.add(chain);
        }
        appended = CompletableFuture.allOf(queues.toArray(CompletableFuture<?>[]::new))
                .thenAccept(all -> {
                    progress.done(queue, batch, started);
                    handled += batch.size();
                });
    }

    /** Waits until the batch before is durable. */
    private void settle() {
        Replies.await(appended);
        progress.requireSound();
    }

    /** The next source with an event at hand, in turn; null when the run should end. */
    private @Nullable TriggerSource awaitSource() throws InterruptedException {
        while (!closing.isDone()) {
            session.requireFresh();
            if (appended.isDone()) {
                settle();
            }
            long left = session.readingLeft();
            if (left == 0) {
                return null;
            }
            for (int i = 0; i < sources.size(); i++) {
                TriggerSource source = sources.get((turn + i) % sources.size());
                if (source.poll()) {
                    turn = (turn + i + 1) % sources.size();
                    return source;
                }
            }
            List<CompletableFuture<?>> coming = new ArrayList<>();
            for (TriggerSource source : sources) {
                CompletableFuture<Page> page = source.coming();
                if (page != null) {
                    coming.add(page);
                }
            }
            if (coming.isEmpty()) {
                return null;
            }
            coming.add(closing);
            await(coming, Math.min(left, session.grant().heartbeatEvery().toNanos()));
        }
        return null;
    }

    private static void await(List<CompletableFuture<?>> any, long nanos) throws InterruptedException {
        try {
            CompletableFuture.anyOf(any.toArray(CompletableFuture<?>[]::new)).get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // looked at again by the caller, who sees what happened
        }
    }

    private @Nullable Throwable finish(@Nullable Throwable failure) {
        try {
            MillraceException unsettled = null;
            try {
                settle();
            } catch (MillraceException e) {
                unsettled = e;
            }
            Throwable reason = failure == null ? unsettled : failure;
            if (reason instanceof RunOverException) {
                return reason.getCause(); // the bus has ended the run
            } else if (session.isStale() || reason instanceof StaleRunException) {
                return reason == null ? new StaleRunException("the run was lost", null, null) : reason;
            }
            Map<String, io.millrace.protocol.Checkpoint> rest = progress.rest();
            CompletableFuture<Answer> told = reason == null
                    ? session.complete(Status.OK, null, rest)
                    : session.complete(Status.ERROR, describe(reason), rest);
            Replies.await(told);
            return reason;
        } catch (StaleRunException e) {
            return failure; // completed by an attempt whose answer was lost, or replaced: over in any case
        } catch (MillraceException e) {
            return failure == null ? e : failure;
        }
    }

    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    static ScheduledFuture<?> ticker(Connection connection, RunProgress progress, Duration period) {
        return connection.transport().every(progress::sendIfDue, period);
    }
}
