package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decisions about runs: the lease, its checkpoints and its end. Pure; {@code now} is ms since the epoch. */
final class RunDecisions {
    static final Duration MAX_DURATION = Duration.ofMinutes(15);
    static final double READ_FRACTION = 0.8;

    private static final int MAX_ERROR = 2_000;

    private RunDecisions() {}

    /** Grants the next run. */
    static BotEvent.RunStarted start(
            BotState state, String run, String node, @Nullable String worker, long now, RunCause cause) {
        BotConfig config = state.registration();
        long duration = (config.maxDuration() == null ? MAX_DURATION : config.maxDuration()).toMillis();
        double fraction = config.readFraction() == null ? READ_FRACTION : config.readFraction();
        return new BotEvent.RunStarted(
                now,
                run,
                state.epoch() + 1,
                node,
                worker,
                now + (long) (duration * fraction),
                now + duration,
                cause.because() == RunReason.EVENTS ? null : cause.because(),
                cause.slot() == null ? null : cause.slot().toEpochMilli());
    }

    /** Whether a worker may wait for a run. */
    static BotDecision ask(BotState state) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        } else if (!(state.registration().handler() instanceof HandlerSpec.Worker)) {
            return BotDecision.reject(ProblemType.CONFLICT, "the bot's handler is not a worker");
        }
        return BotDecision.accept(List.of(), after -> new BotReply.Nothing());
    }

    static BotDecision heartbeat(BotState state, BotCommand.Heartbeat heartbeat, long now) {
        return state.running(heartbeat.epoch(), heartbeat.run())
                .filter(run -> now < run.deadline())
                .map(run -> BotDecision.accept(
                        List.of(),
                        after -> new BotReply.Alive(
                                after.paused() || after.archived() || now >= run.readUntil(), run.deadline())))
                .orElseGet(RunDecisions::stale);
    }

    static BotDecision checkpoint(BotState state, BotCommand.MoveCheckpoints move, long now) {
        return state.running(move.epoch(), move.run())
                .filter(run -> now < run.deadline())
                .map(run -> refusal(state, move.read())
                        .orElseGet(() -> BotDecision.accept(
                                List.of(new BotEvent.Checkpointed(now, run.epoch(), move.read())),
                                after -> new BotReply.Done())))
                .orElseGet(RunDecisions::stale);
    }

    static BotDecision admit(BotState state, BotCommand.Admit admit, long now) {
        return state.running(admit.epoch(), admit.run())
                .filter(run -> now < run.deadline())
                .map(run -> state.written().contains(admit.queue())
                        ? BotDecision.accept(List.of(), after -> new BotReply.Done())
                        : state.written().size() >= BotState.MAX_QUEUES
                                ? BotDecision.reject(
                                        ProblemType.CONFLICT,
                                        "a bot writes to at most " + BotState.MAX_QUEUES + " queues")
                                : BotDecision.accept(
                                        List.of(new BotEvent.Wrote(admit.queue())), after -> new BotReply.Done()))
                .orElseGet(RunDecisions::stale);
    }

    static BotDecision complete(BotState state, BotCommand.Complete complete, long now) {
        return state.running(complete.epoch(), complete.run())
                .filter(run -> now < run.deadline())
                .map(run -> refusal(state, complete.read()).orElseGet(() -> {
                    List<BotEvent> events = new ArrayList<>();
                    if (!complete.read().isEmpty()) {
                        events.add(new BotEvent.Checkpointed(now, run.epoch(), complete.read()));
                    }
                    events.add(
                            complete.error() == null
                                    ? new BotEvent.RunEnded(now, run.epoch(), BotEvent.How.OK, null, 0)
                                    : failure(
                                            state,
                                            run,
                                            BotEvent.How.ERROR,
                                            complete.error(),
                                            complete.waitMillis(),
                                            now));
                    return BotDecision.accept(events, after -> new BotReply.Done());
                }))
                .orElseGet(RunDecisions::stale);
    }

    /** The run's deadline has passed. */
    static BotEvent.RunEnded expire(BotState state, BotState.Run run, long now) {
        return failure(state, run, BotEvent.How.EXPIRED, "the run didn't end before its deadline", 0, now);
    }

    /** Nothing was heard of the run's worker or node. */
    static BotEvent.RunEnded lose(BotState state, BotState.Run run, long now) {
        long afterLoss = Math.max(
                Backoff.afterLosses(run.records() > 0 ? 0 : state.lossesInARow()),
                PoisonDecisions.waitAfterLoss(state, run));
        long rest = state.isRogue() ? Backoff.rogue(run.run()) : afterLoss;
        return new BotEvent.RunEnded(
                now, run.epoch(), BotEvent.How.LOST, "nothing was heard of it any more", rest == 0 ? 0 : now + rest);
    }

    private static BotEvent.RunEnded failure(
            BotState state, BotState.Run run, BotEvent.How how, String error, long wait, long now) {
        String message = error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) : error;
        long rest = Math.max(wait, Backoff.afterErrors(state.errorCount() + 1, run.run()));
        return new BotEvent.RunEnded(now, run.epoch(), how, message, now + rest);
    }

    static Optional<BotDecision> refusal(BotState state, Map<String, Checkpoint> read) {
        Set<String> queues = new HashSet<>(state.read().keySet());
        queues.addAll(read.keySet());
        if (queues.size() > BotState.MAX_QUEUES) {
            return Optional.of(BotDecision.reject(
                    ProblemType.CONFLICT, "a bot has checkpoints of at most " + BotState.MAX_QUEUES + " queues"));
        }
        return read.entrySet().stream()
                .filter(entry -> isBackwards(state.read().get(entry.getKey()), entry.getValue()))
                .findFirst()
                .map(entry -> BotDecision.reject(
                        ProblemType.CHECKPOINT_BACKWARDS,
                        "the checkpoint of " + entry.getKey() + " is beyond the given one already"));
    }

    private static boolean isBackwards(@Nullable Checkpoint before, Checkpoint now) {
        return before != null
                && now.checkpoint().toString().compareTo(before.checkpoint().toString()) < 0;
    }

    static BotDecision stale() {
        return BotDecision.reject(ProblemType.STALE_RUN, "the run's lease has ended or the run was replaced");
    }
}
