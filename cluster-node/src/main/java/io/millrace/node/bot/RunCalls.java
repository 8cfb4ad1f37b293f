package io.millrace.node.bot;

import io.micrometer.core.instrument.Timer;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.RunTokens;
import io.millrace.node.run.Burial;
import io.millrace.node.settings.BotSettings;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/** What those who do runs ask of bots: the run itself, that its lease stands, what it has done. */
final class RunCalls {
    private final BotAsks asks;
    private final Grants grants;
    private final Burial burial;
    private final Timer checkpoints;

    /** @param checkpoints how long it takes to move them */
    RunCalls(BotAsks asks, Queues queues, RunTokens tokens, BotSettings settings, Timer checkpoints) {
        this.asks = asks;
        this.grants = new Grants(tokens, settings.heartbeatEvery());
        this.burial = new Burial(queues);
        this.checkpoints = checkpoints;
    }

    /** As {@link io.millrace.node.application.Bots#ask} says. */
    CompletionStage<Outcome<Optional<RunProtocol.Grant>>> ask(
            BotId bot, String worker, Duration wait, CompletionStage<?> gone) {
        return asks.ifKnown(
                bot,
                () -> asks.ask(bot.value(), wait, replyTo -> {
                            gone.whenComplete((done, failure) -> asks.tell(bot.value(), new BotCommand.Unask(replyTo)));
                            return new BotCommand.Ask(worker, wait.toMillis(), replyTo);
                        })
                        .thenApply(reply -> reply instanceof BotReply.Granted granted
                                ? Outcome.done(Optional.of(grants.grant(bot, granted)))
                                : reply instanceof BotReply.Nothing
                                        ? Outcome.done(Optional.empty())
                                        : BotAsks.refusal(reply)));
    }

    CompletionStage<Outcome<RunProtocol.Heartbeat>> heartbeat(RunRef run) {
        return ask(run, replyTo -> new BotCommand.Heartbeat(run.epoch(), run.run(), replyTo))
                .thenApply(reply -> reply instanceof BotReply.Alive alive
                        ? Outcome.done(new RunProtocol.Heartbeat(alive.stop(), Instant.ofEpochMilli(alive.deadline())))
                        : BotAsks.refusal(reply));
    }

    CompletionStage<Outcome<Boolean>> checkpoint(RunRef run, Map<QueueName, Checkpoint> reached) {
        long began = System.nanoTime();
        return done(run, replyTo -> new BotCommand.MoveCheckpoints(run.epoch(), run.run(), byName(reached), replyTo))
                .whenComplete((moved, failure) -> checkpoints.record(System.nanoTime() - began, TimeUnit.NANOSECONDS));
    }

    private static Map<String, Checkpoint> byName(Map<QueueName, Checkpoint> checkpoints) {
        return checkpoints.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().value(), Map.Entry::getValue));
    }

    CompletionStage<Outcome<Boolean>> skipped(RunRef run, QueueName queue, EventId to) {
        return done(run, replyTo -> new BotCommand.Skip(run.epoch(), run.run(), queue.value(), to, replyTo));
    }

    CompletionStage<Outcome<Boolean>> complete(RunRef run, RunProtocol.Complete complete) {
        Map<String, Checkpoint> last = complete.checkpoints() == null ? Map.of() : complete.checkpoints();
        String message = complete.message() == null ? "the run ended in error" : complete.message();
        String error = complete.status() == RunProtocol.Status.OK ? null : message;
        long wait = complete.retryAfter() == null ? 0 : complete.retryAfter().toMillis();
        return done(run, replyTo -> new BotCommand.Complete(run.epoch(), run.run(), error, last, wait, replyTo));
    }

    CompletionStage<Outcome<RunProtocol.Verdict>> report(RunRef run, RunProtocol.Suspicion suspicion) {
        return judge(run, suspicion)
                .thenCompose(outcome -> outcome instanceof Outcome.Done<RunProtocol.Verdict> done
                                && done.value().action() == RunProtocol.Action.DEAD_LETTER
                        ? burial.bury(
                                run, new QueueName(suspicion.queue()), suspicion.eid(), done.value(), suspicion.key())
                        : CompletableFuture.completedStage(outcome));
    }

    CompletionStage<Outcome<RunProtocol.Verdict>> judge(RunRef run, RunProtocol.Suspicion suspicion) {
        return ask(run, replyTo -> BotCommand.Judge.of(run, suspicion, replyTo))
                .thenApply(reply -> reply instanceof BotReply.Judged judged
                        ? Outcome.done(judged.verdict())
                        : BotAsks.refusal(reply));
    }

    CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue) {
        return done(run, replyTo -> new BotCommand.Admit(run.epoch(), run.run(), queue.value(), replyTo))
                .exceptionally(late -> Outcome.refused(ProblemType.UNAVAILABLE, "the bot didn't answer in time"));
    }

    private CompletionStage<Outcome<Boolean>> done(RunRef run, Function<ActorRef<BotReply>, BotCommand> command) {
        return ask(run, command).thenApply(BotAsks::done);
    }

    private CompletionStage<BotReply> ask(RunRef run, Function<ActorRef<BotReply>, BotCommand> command) {
        return asks.ask(run.bot().value(), command);
    }
}
