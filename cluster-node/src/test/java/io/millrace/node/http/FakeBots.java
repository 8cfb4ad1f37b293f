package io.millrace.node.http;

import io.millrace.node.application.Bots;
import io.millrace.node.application.Configured;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Replays;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.RunTokens;
import io.millrace.node.application.Steering;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Bots that only note what they were told. */
final class FakeBots implements Bots {
    static final RunRef RUN = new RunRef(new BotId("price"), "r1", 3, 0, Instant.EPOCH.plusSeconds(900));

    private final List<String> changes;
    private final RunTokens tokens;

    FakeBots(List<String> changes, RunTokens tokens) {
        this.changes = changes;
        this.tokens = tokens;
    }

    private static final BotConfig NO_CONFIG = new BotConfig(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    private static BotInfo info(BotId bot, BotConfig config) {
        return new BotInfo(
                bot.value(),
                config,
                "nominal",
                List.of(),
                null,
                0,
                null,
                null,
                3,
                null,
                new BotInfo.Checkpoints(Map.of(), Map.of()),
                Map.of(),
                null,
                null,
                new BotInfo.Runs(0, 0));
    }

    private CompletionStage<Outcome<BotInfo>> note(String what, BotId bot) {
        changes.add(what + " " + bot);
        return done(info(bot, NO_CONFIG));
    }

    @Override
    public CompletionStage<Outcome<Configured<BotInfo>>> register(
            BotId bot, BotConfig config, @Nullable String ifMatch) {
        changes.add("register " + bot + " " + config.triggers());
        return done(new Configured<>(info(bot, config), true, "\"1\""));
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> describe(BotId bot) {
        return done(info(bot, NO_CONFIG));
    }

    @Override
    public CompletionStage<Outcome<Page.Bots>> list(String prefix, String after, int limit, @Nullable String state) {
        return done(new Page.Bots(List.of(info(new BotId("price"), NO_CONFIG)), "price"));
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> archive(BotId bot) {
        return note("archive", bot);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> pause(BotId bot, @Nullable String reason) {
        return note("pause for " + reason, bot);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> resume(BotId bot) {
        return note("resume", bot);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Changed>> steerTagged(
            String tag, Steering steering, String after, int limit) {
        changes.add((steering.pauses() ? "pause for " + steering.reason() : "resume") + " all tagged " + tag + " after "
                + after + " at most " + limit);
        return done(new RunProtocol.Changed(2, "price"));
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Changed>> steerReaders(QueueName queue, Steering steering) {
        changes.add((steering.pauses() ? "pause for " + steering.reason() : "resume") + " readers of " + queue);
        return done(new RunProtocol.Changed(1, null));
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> run(BotId bot) {
        return note("run", bot);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> kill(BotId bot) {
        return note("kill", bot);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> reset(BotId bot, QueueName queue, RunProtocol.Reset reset) {
        return note("reset " + queue + " to " + reset.position(), bot);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> undo(BotId bot, QueueName queue, CheckpointLedger.Undo undo) {
        return note("undo " + undo.entry() + " of " + queue, bot);
    }

    @Override
    public Replays replays() {
        return new FakeReplays();
    }

    @Override
    public CompletionStage<Outcome<CheckpointLedger>> ledger(BotId bot) {
        return done(new CheckpointLedger(List.of()));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> skipped(RunRef run, QueueName queue, EventId to) {
        return done(true);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Summaries>> runs(BotId bot) {
        return done(new RunProtocol.Summaries(Stream.of(9L, 8L, 7L)
                .map(epoch -> new RunProtocol.Summary(
                        "r" + epoch, epoch, null, Instant.EPOCH, Instant.EPOCH, 0, "ok", null, RunReason.EVENTS, null))
                .toList()));
    }

    @Override
    public CompletionStage<Outcome<Explanation>> explain(BotId bot) {
        return done(new Explanation(
                false, "It is paused.", List.of(new Explanation.Check("not-paused", false, "it is paused"))));
    }

    @Override
    public CompletionStage<Outcome<Optional<RunProtocol.Grant>>> ask(
            BotId bot, String worker, Duration wait, CompletionStage<?> gone) {
        changes.add("ask " + bot + " by " + worker + " for " + wait.toSeconds() + " s");
        gone.whenComplete((done, failure) -> changes.add(worker + " has gone"));
        if (bot.value().equals("waits")) {
            return new CompletableFuture<>();
        }
        if (bot.value().equals("idle")) {
            return done(Optional.empty());
        }
        return done(Optional.of(new RunProtocol.Grant(
                RUN.run(),
                tokens.sign(RUN),
                bot.value(),
                RUN.epoch(),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(720),
                RUN.deadline(),
                Duration.ofSeconds(5),
                Map.of(),
                List.of("orders"),
                null,
                Json.mapper().createObjectNode(),
                RunReason.EVENTS,
                null,
                null,
                null)));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue) {
        return done(true);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Heartbeat>> heartbeat(RunRef run) {
        changes.add("heartbeat " + run.run());
        return done(new RunProtocol.Heartbeat(false, run.deadline()));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> checkpoint(RunRef run, Map<QueueName, Checkpoint> checkpoints) {
        changes.add("checkpoint " + run.run() + " " + checkpoints.keySet());
        return done(true);
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, DeadLetters.Redrive redrive) {
        changes.add("redrive " + bot + " " + redrive);
        return done(new DeadLetters.Settled(1, false));
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Optional<EventId> eid) {
        changes.add("purge " + bot + " " + eid);
        return done(new DeadLetters.Settled(1, false));
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Verdict>> report(RunRef run, RunProtocol.Suspicion suspicion) {
        return judge(run, suspicion);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Verdict>> judge(RunRef run, RunProtocol.Suspicion suspicion) {
        changes.add("judge " + run.run() + " " + suspicion.queue());
        return done(new RunProtocol.Verdict(RunProtocol.Action.TRY, 1, null, null, null));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> complete(RunRef run, RunProtocol.Complete complete) {
        changes.add("complete " + run.run() + " " + complete.status());
        return done(true);
    }

    private static <T> CompletionStage<Outcome<T>> done(T value) {
        return CompletableFuture.completedStage(Outcome.done(value));
    }
}
