package io.millrace.node.bot;

import io.millrace.node.application.RunRef;
import io.millrace.node.application.SteadyClock;
import io.millrace.node.run.RunHandle;
import io.millrace.node.run.RunOrder;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Begins and ends the leases of a bot's runs, and hands the runs to who does them. */
final class Leases {
    private final BotContext bot;
    private final BotMoment moment;
    private final Askers askers;
    private final Handout handout = new Handout();
    private final RunFences fences = new RunFences();
    private final BotSlots slots;

    /** A jump of the clock of the day neither ends a lease nor prolongs it: it is read when one begins. */
    private SteadyClock clock;

    Leases(BotContext bot, BotMoment moment, Askers askers, BotSlots slots) {
        this.slots = slots;
        this.bot = bot;
        this.moment = moment;
        this.askers = askers;
        this.clock = SteadyClock.from(bot.clock(), bot.ticker());
    }

    /** Ms since the epoch, as the lease under way has it. */
    long now() {
        return clock.millis();
    }

    /** The log was read: what is known of a run under way is only that it was granted. */
    void recovered() {
        clock = SteadyClock.from(bot.clock(), bot.ticker());
        moment.heardOfRun(bot.ticker().millis());
    }

    /** Who does the run lives. */
    void heard() {
        handout.arrived();
        moment.heardOfRun(bot.ticker().millis());
    }

    /** Who asked for a run has gone. */
    void gone(ActorRef<BotReply> asker) {
        askers.forget(asker);
        handout.gone(asker);
    }

    /** The end of the lease if it is over, else null. */
    @Nullable
    BotCommit end(BotState state) {
        BotState.Run run = state.run();
        if (run == null) {
            return null;
        } else if (now() >= run.deadline()) {
            return BotCommit.of(RunDecisions.expire(state, run, now()));
        }
        long lostAfter = bot.settings().lostAfter().toMillis();
        boolean lost = run.worker() == null
                ? !moment.isRunningHere()
                : handout.isNobodys(run.run()) || moment.isRunLost(bot.ticker().millis(), lostAfter);
        return lost ? BotCommit.of(RunDecisions.lose(state, run, now())) : null;
    }

    /** The next lease if one is due and there is somebody to do the run, else null. */
    @Nullable
    BotCommit begin(BotState state) {
        long ticks = bot.ticker().millis();
        if (!state.mayRun(now()) || (LaneDecisions.isRetiring(state) && isThrough(state))) {
            return null;
        }
        Instant slot = slots.due(
                bot.id().value(), state, Instant.ofEpochMilli(bot.clock().millis()));
        if (!(slot != null || moment.wantsRun(ticks)) || isHeld(state) || !fence(state)) {
            return null;
        }
        RunCause cause = slot != null ? RunCause.slot(slot) : moment.isForced() ? RunCause.RUN_NOW : RunCause.EVENTS;
        HandlerSpec handler = state.registration().handler();
        if (handler != null && HandlerSpec.isDoneByNodes(handler)) {
            return new BotCommit(List.of(start(state, null, cause)), after -> launch(after, handler), problem -> {});
        }
        BotCommand.Ask asker = askers.next(ticks);
        return asker == null ? null : grant(state, asker, cause);
    }

    /** Whether it has come to the end that it is told to come to: for good, or with the run under way. */
    boolean isThrough(BotState state) {
        boolean nothingMoreComes = state.run() != null || fence(state);
        return nothingMoreComes && LaneDecisions.isThrough(state, fences.marks(state));
    }

    /** Up to where it has yet to come, by queue, before it has; as far as that is known. */
    Map<String, Position> goals(BotState state) {
        return LaneDecisions.isRetiring(state) ? LaneDecisions.goals(state, fences.marks(state)) : Map.of();
    }

    /** A run with nothing to read since all its queues are paused would be taken for one that has no queues. */
    boolean isHeld(BotState state) {
        return !state.sources().isEmpty() && moment.readable(state.sources()).isEmpty();
    }

    /**
     * Tells the queues that the bot writes to that its runs so far are over. At the end of a run, so that what it would still
     * write is refused soon; and before the next one begins, which doesn't while a queue could yet take both.
     *
     * @return whether all of them know it
     */
    boolean fence(BotState state) {
        fences.toTell(state, bot.ticker().millis())
                .forEach(queue -> bot.queues().fence(queue, bot.id().value(), state.generation(), state.epoch() + 1));
        return fences.stand(state);
    }

    /** Tells those that have said nothing for too long. */
    void fenceAgain(BotState state) {
        if (isFencing() && state.run() == null) {
            fence(state);
        }
    }

    void fenced(BotCommand.Fenced fenced) {
        fences.heard(fenced.queue(), fenced.epoch(), fenced.marks());
    }

    boolean isFencing() {
        return fences.arePending();
    }

    /** The queues that don't know yet that the bot's runs so far are over. */
    List<String> unfenced() {
        return fences.pending().stream().sorted().toList();
    }

    private BotEvent.RunStarted start(BotState state, @Nullable String worker, RunCause cause) {
        clock = SteadyClock.from(bot.clock(), bot.ticker());
        return RunDecisions.start(state, bot.runIds().get(), bot.node(), worker, now(), cause);
    }

    private BotCommit grant(BotState state, BotCommand.Ask asker, RunCause cause) {
        BotEvent.RunStarted started = start(state, asker.worker(), cause);
        handout.begin(started.run(), asker.replyTo());
        return new BotCommit(
                List.of(started),
                after -> {
                    moment.runStarted(null, bot.ticker().millis());
                    asker.replyTo()
                            .tell(new BotReply.Granted(
                                    after, Objects.requireNonNull(after.run()), moment.readable(after.sources())));
                },
                problem -> {
                    handout.gone(asker.replyTo());
                    asker.replyTo().tell(new BotReply.Refused(problem));
                });
    }

    private void launch(BotState state, HandlerSpec handler) {
        BotState.Run run = Objects.requireNonNull(state.run());
        RunRef ref =
                new RunRef(bot.id(), run.run(), run.epoch(), state.generation(), Instant.ofEpochMilli(run.deadline()));
        RunHandle handle = bot.launcher()
                .launch(new RunOrder(
                        ref,
                        Instant.ofEpochMilli(run.readUntil()),
                        moment.readable(state.sources()),
                        state.read(),
                        state.registration().batch(),
                        handler,
                        run.reason(),
                        run.slotTime(),
                        PoisonDecisions.caution(state),
                        state.rate(run.startedAt()),
                        state.lane(),
                        Objects.requireNonNullElse(state.registration().writes(), List.of())));
        moment.runStarted(handle, bot.ticker().millis());
    }
}
