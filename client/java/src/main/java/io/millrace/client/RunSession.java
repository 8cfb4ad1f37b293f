package io.millrace.client;

import io.millrace.client.internal.Answer;
import io.millrace.client.internal.Call;
import io.millrace.client.internal.Futures;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.handler.RunInfo;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.http.RunProtocol.Grant;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A granted run as the worker sees it: its lease, kept by heartbeats, and the requests made under it. */
final class RunSession {
    private static final int MOST_MESSAGE = 2_000;

    private final Connection connection;
    private final Grant grant;
    private final long readUntil;
    private final long leaseGap;
    private final ScheduledFuture<?> heart;
    private volatile long lastBeat = System.nanoTime();
    private volatile boolean stale;
    private volatile boolean stop;

    RunSession(Connection connection, Grant grant) {
        this.connection = connection;
        this.grant = grant;
        // Measured from the grant, so that this machine's clock need not agree with the node's.
        this.readUntil = lastBeat
                + Duration.between(grant.startedAt(), grant.readUntil()).toNanos();
        this.leaseGap = 3 * grant.heartbeatEvery().toNanos();
        this.heart = connection.transport().every(this::beat, grant.heartbeatEvery());
    }

    Grant grant() {
        return grant;
    }

    RunInfo info() {
        return new RunInfo(
                grant.bot(),
                grant.run(),
                grant.epoch(),
                grant.readUntil(),
                grant.deadline(),
                grant.settings(),
                grant.because(),
                grant.slot());
    }

    /** Nanoseconds in which the run may go on reading; none when it was told to stop. */
    long readingLeft() {
        return stop || isStale() ? 0 : Math.max(0, readUntil - System.nanoTime());
    }

    boolean isStale() {
        return stale || System.nanoTime() - lastBeat > leaseGap;
    }

    void requireFresh() {
        if (isStale()) {
            throw new StaleRunException("the lease of run " + grant.run() + " was lost", null, null);
        }
    }

    private void beat() {
        long asked = System.nanoTime();
        Call call = Call.of("POST", path("/heartbeat"), Duration.ofNanos(leaseGap));
        Futures.onDone(Replies.as(send(call), RunProtocol.Heartbeat.class), (beat, failure) -> {
            if (failure == null) {
                lastBeat = asked;
                stop |= beat.stop();
            }
        });
    }

    /** What one source event gave is in one append, so the receiving queue's mark makes a repetition harmless. */
    CompletableFuture<AppendResult> append(QueueName queue, Block block) {
        return appended(appendCall(queue, block));
    }

    /** An append without a source carries a number of the run's own. */
    CompletableFuture<AppendResult> append(QueueName queue, Block block, long sequence) {
        return appended(appendCall(queue, block)
                .with(Headers.PRODUCER, producer().value())
                .with(Headers.SEQUENCE, Long.toString(sequence)));
    }

    private ProducerId producer() {
        String suffix = "." + grant.epoch();
        String bot = grant.bot();
        return new ProducerId(bot.substring(0, Math.min(bot.length(), 200 - suffix.length())) + suffix);
    }

    private Call appendCall(QueueName queue, Block block) {
        return connection
                .call("POST", Connection.queue(queue) + "/events")
                .toOwnerOf(queue.value())
                .with(Headers.BOT, grant.bot())
                .body(MediaTypes.BLOCK, block.toBytes());
    }

    private CompletableFuture<AppendResult> appended(Call call) {
        return Replies.as(send(call), AppendResult.class);
    }

    CompletableFuture<Answer> checkpoint(Map<String, Checkpoint> checkpoints) {
        return Replies.map(
                send(connection
                        .call("POST", path("/checkpoint"))
                        .body(MediaTypes.JSON, Json.bytes(new RunProtocol.Checkpoints(checkpoints)))),
                ok -> ok);
    }

    CompletableFuture<Answer> complete(
            RunProtocol.Status status, @Nullable String message, Map<String, Checkpoint> checkpoints) {
        String said = message == null ? null : bounded(message);
        RunProtocol.Complete body =
                new RunProtocol.Complete(status, said, checkpoints.isEmpty() ? null : checkpoints, null);
        return Replies.map(
                send(connection.call("POST", path("/complete")).body(MediaTypes.JSON, Json.bytes(body))), ok -> ok);
    }

    /** For the bot's ledger; the run goes on whatever becomes of it. */
    void skipped(Skipped skip) {
        CheckpointLedger.Skip body = new CheckpointLedger.Skip(skip.queue().value(), skip.to());
        Futures.onDone(
                send(connection.call("POST", path("/skipped")).body(MediaTypes.JSON, Json.bytes(body))),
                (answer, failure) -> {});
    }

    /** Asks what is to be done about an event; may be repeated. */
    CompletableFuture<RunProtocol.Verdict> suspect(RunProtocol.Suspicion suspicion) {
        return Replies.as(
                send(connection.call("POST", path("/suspect")).body(MediaTypes.JSON, Json.bytes(suspicion))),
                RunProtocol.Verdict.class);
    }

    /** As much of a message as the bus keeps. */
    static String bounded(String message) {
        return message.length() <= MOST_MESSAGE ? message : message.substring(0, MOST_MESSAGE);
    }

    private CompletableFuture<Answer> send(Call call) {
        CompletableFuture<Answer> answer = connection.send(call.with(Headers.RUN, grant.token()));
        Futures.onDone(answer, (ok, failure) -> {
            if (failure == null && !ok.isOk() && Replies.of(ok) instanceof StaleRunException) {
                stale = true;
            }
        });
        return answer;
    }

    private String path(String action) {
        return "/v1/runs/" + Connection.encode(grant.run()) + action;
    }

    /** Ends the heartbeats. */
    void end() {
        heart.cancel(false);
    }

    static CompletableFuture<Answer> ask(Connection connection, BotId bot, String worker, Duration wait) {
        return Replies.map(
                connection.send(connection
                        .call("POST", Connection.bot(bot) + "/runs?wait=" + wait.toSeconds())
                        .body(MediaTypes.JSON, Json.bytes(new RunProtocol.Ask(worker)))
                        .once()
                        .waiting(wait)),
                ok -> ok);
    }
}
