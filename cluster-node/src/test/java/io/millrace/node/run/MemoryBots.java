package io.millrace.node.run;

import io.millrace.node.application.Bots;
import io.millrace.node.application.Configured;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Replays;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.Steering;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The bots as a run sees them: notes what it is told, refuses as scripted. */
final class MemoryBots implements Bots {
    final Deque<ProblemType> refuseCheckpoints = new ArrayDeque<>();
    final Deque<ProblemType> refuseCompletes = new ArrayDeque<>();
    final List<Map<QueueName, Checkpoint>> checkpoints = new ArrayList<>();
    final List<RunProtocol.Complete> completes = new ArrayList<>();
    final Deque<RunProtocol.Action> verdicts = new ArrayDeque<>();
    final List<RunProtocol.Suspicion> suspicions = new ArrayList<>();
    private final List<String> pauses = new ArrayList<>();

    @Override
    public synchronized CompletionStage<Outcome<Boolean>> checkpoint(RunRef run, Map<QueueName, Checkpoint> reached) {
        if (!refuseCheckpoints.isEmpty()) {
            return CompletableFuture.completedStage(Outcome.refused(refuseCheckpoints.removeFirst(), "scripted"));
        }
        checkpoints.add(reached);
        return CompletableFuture.completedStage(Outcome.done(true));
    }

    @Override
    public synchronized CompletionStage<Outcome<Boolean>> complete(RunRef run, RunProtocol.Complete complete) {
        if (!refuseCompletes.isEmpty()) {
            return CompletableFuture.completedStage(Outcome.refused(refuseCompletes.removeFirst(), "scripted"));
        }
        completes.add(complete);
        return CompletableFuture.completedStage(Outcome.done(true));
    }

    /** Without a script a failing event ends the run, as a bot would that wants it tried again. */
    @Override
    public synchronized CompletionStage<Outcome<RunProtocol.Verdict>> judge(
            RunRef run, RunProtocol.Suspicion suspicion) {
        suspicions.add(suspicion);
        RunProtocol.Action action = verdicts.isEmpty() ? RunProtocol.Action.RETRY : verdicts.removeFirst();
        Map<String, Checkpoint> read = suspicion.checkpoints() == null ? Map.of() : suspicion.checkpoints();
        if (action == RunProtocol.Action.RETRY || action == RunProtocol.Action.STOP) {
            completes.add(new RunProtocol.Complete(RunProtocol.Status.ERROR, suspicion.error(), read, null));
        }
        return CompletableFuture.completedStage(Outcome.done(new RunProtocol.Verdict(
                action, 1, Instant.ofEpochMilli(1), Instant.ofEpochMilli(2), suspicion.error())));
    }

    synchronized List<RunProtocol.Suspicion> suspicions() {
        return List.copyOf(suspicions);
    }

    synchronized List<RunProtocol.Complete> completed() {
        return List.copyOf(completes);
    }

    synchronized List<Map<QueueName, Checkpoint>> checkpointed() {
        return List.copyOf(checkpoints);
    }

    @Override
    public CompletionStage<Outcome<Configured<BotInfo>>> register(
            BotId bot, BotConfig config, @Nullable String ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Changed>> steerTagged(
            String tag, Steering steering, String after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Changed>> steerReaders(QueueName queue, Steering steering) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> describe(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<Page.Bots>> list(String prefix, String after, int limit, @Nullable String state) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> archive(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized CompletionStage<Outcome<BotInfo>> pause(BotId bot, @Nullable String reason) {
        pauses.add(String.valueOf(reason));
        return CompletableFuture.completedStage(Outcome.refused(ProblemType.NOT_FOUND, "only noted"));
    }

    synchronized List<String> paused() {
        return List.copyOf(pauses);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> resume(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> run(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> kill(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> reset(BotId bot, QueueName queue, RunProtocol.Reset reset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> undo(BotId bot, QueueName queue, CheckpointLedger.Undo undo) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Replays replays() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<CheckpointLedger>> ledger(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<Boolean>> skipped(RunRef run, QueueName queue, EventId to) {
        return CompletableFuture.completedStage(Outcome.done(true));
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, DeadLetters.Redrive redrive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Optional<EventId> eid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Verdict>> report(RunRef run, RunProtocol.Suspicion suspicion) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Summaries>> runs(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<Explanation>> explain(BotId bot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<Optional<RunProtocol.Grant>>> ask(
            BotId bot, String worker, Duration wait, CompletionStage<?> gone) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue) {
        return CompletableFuture.completedStage(Outcome.done(true));
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Heartbeat>> heartbeat(RunRef run) {
        throw new UnsupportedOperationException();
    }
}
