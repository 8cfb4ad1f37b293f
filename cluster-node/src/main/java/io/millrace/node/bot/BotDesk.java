package io.millrace.node.bot;

import io.millrace.node.log.Look;
import io.millrace.node.log.Questions;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What a bot has in hand: requests in line, what it was told, who waits, its run. Gives the next thing to make durable, one
 * at a time. Lost without harm when the actor ends: who waits is told, and the queues are asked again.
 */
final class BotDesk {
    static final Problem AWAY = Problem.of(ProblemType.UNAVAILABLE, "the bot's storage or owner is away; try again");

    /** A slot that comes within this time is waited for. */
    private static final long SOON_MILLIS = 10_000;

    private final BotContext bot;
    private final BotMoment moment = new BotMoment();
    private final Askers askers;
    private final Line line;
    private final Notices notices = new Notices();
    private final Leases leases;
    private final Triggers triggers;
    private final Planning planning;
    private final ReplayDesk replays;
    private final BotSlots slots = new BotSlots();
    private final LaneDesk lanes;
    private final Chronicle chronicle;
    private final Bars bars;
    private final BotMetrics.OfBot meters;
    private boolean slotCame;
    /** Nothing but the sweeper's question has brought the bot back, and nothing else has come since. */
    private boolean onlyChecked = true;

    BotDesk(
            BotContext bot,
            Questions<BotCommand, BotCommand.Request> questions,
            Planning planning,
            ReplayDesk replays) {
        this.replays = replays;
        this.planning = planning;
        this.bot = bot;
        line = new Line(questions);
        askers = LaneFollower.askers(bot);
        leases = new Leases(bot, moment, askers, slots);
        triggers = new Triggers(bot, moment);
        bars = new Bars(bot);
        lanes = new LaneDesk(bot, moment, leases, askers);
        chronicle = new Chronicle(bot.id(), bot.records(), bot.clock(), bot.ticker());
        meters = bot.metrics().of(bot.id().value());
    }

    /** Takes a request into the line, or refuses it. */
    void offer(BotCommand.Request request) {
        onlyChecked = false;
        chronicle.touched();
        if (!line.offer(request)) {
            refuse(request, ProblemType.TOO_MANY_REQUESTS, "too many requests wait for the bot");
        }
    }

    /** Takes note of what needs no answer. */
    void note(BotCommand.Signal signal) {
        if (signal instanceof BotCommand.Wake wake) {
            onlyChecked = false;
            moment.eventsWait(wake.queue());
        } else if (signal instanceof BotCommand.Asleep asleep) {
            moment.asleep(asleep.queue());
        } else if (signal instanceof BotCommand.Held held) {
            moment.hold(held.queue());
        } else if (signal instanceof BotCommand.Fenced fenced) {
            leases.fenced(fenced);
        } else if (signal instanceof BotCommand.Check check) {
            notices.add(check);
            lanes.check(check);
        } else if (signal instanceof BotCommand.Wrote wrote) {
            notices.add(wrote);
        } else if (signal instanceof BotCommand.SlotCame) {
            slotCame = true;
        } else if (signal instanceof BotCommand.Unask unask) {
            line.forget(unask.asker());
            leases.gone(unask.asker());
            lanes.gone(unask);
        } else if (signal instanceof BotCommand.Worked) {
            chronicle.lanesWorked();
        } else {
            onlyChecked = false;
            lanes.note(signal);
        }
    }

    /** The log was read, for the first time or again. */
    void recovered(BotState state) {
        meters.recovered(state);
        chronicle.recovered();
        leases.recovered();
        lanes.recovered();
        triggers.recovered(state);
        planning.recovered(state);
        replays.recovered();
    }

    /** Answers what can be answered at once; what must become durable before anything else, null if nothing. */
    @Nullable
    BotCommit next(BotState state) {
        for (Line.Turn turn = line.next(); turn != null; turn = line.next()) {
            BotCommit commit = decide(state, turn.request(), turn.proven());
            if (commit != null) {
                return commit;
            }
        }
        BotCommit ended = leases.end(state);
        if (ended != null) {
            return ended;
        }
        BotCommit noted = notices.commit(state);
        if (noted != null) {
            return noted;
        }
        BotCommit laned = lanes.next(state);
        if (laned != null) {
            return laned;
        }
        BotCommit replayed = replays.next(lanes.seen(state));
        if (replayed != null) {
            return replayed;
        }
        triggers.look(state, notices.checks());
        if (slotCame) {
            slotCame = false;
            planning.woken(state);
        }
        planning.settle(state);
        BotCommit begun = leases.begin(state);
        if (begun == null) {
            lanes.wantWorker(state, !askers.isEmpty());
            chronicle.work(state, moment.hasReason());
        }
        return begun;
    }

    /**
     * Answers a request, or gives what must become durable first. An answer that makes nothing durable may come from an owner
     * that has a successor it hasn't heard of, so it waits for a proof, and is decided anew then.
     */
    private @Nullable BotCommit decide(BotState state, BotCommand.Request request, boolean proven) {
        BotDecision decision = BotDecider.decide(state, request, now(request));
        BotDecision.Accept accept = decision instanceof BotDecision.Accept accepted ? accepted : null;
        if (accept != null && isOfWorker(request)) {
            // Whoever is heard of lives: that needs no proof, and storage that is away for a while costs no lease.
            leases.heard();
        }
        if (accept != null && request instanceof BotCommand.Ask ask) {
            line(ask);
        } else if (accept != null && !accept.events().isEmpty()) {
            return new BotCommit(
                    accept.events(),
                    after -> answer(request, accept.reply().apply(after)),
                    problem -> answer(request, new BotReply.Refused(problem)));
        } else if (!proven) {
            ask(request);
        } else if (decision instanceof BotDecision.Reject reject) {
            answer(request, new BotReply.Refused(reject.problem()));
        } else if (accept != null) {
            if (request instanceof BotCommand.RunNow && state.run() == null) {
                lanes.run(state);
            }
            answer(
                    request,
                    request instanceof BotCommand.Explain
                            ? plight(state)
                            : accept.reply().apply(state));
        }
        return null;
    }

    private BotReply.Plight plight(BotState state) {
        return new BotReply.Plight(
                state,
                bot.node(),
                askers.size(bot.ticker().millis()),
                moment.isForced(),
                leases.unfenced(),
                leases.goals(state),
                leases.now());
    }

    /** A schedule begins by the clock of the day, which its slots go by, and so does what people plan; a lease is of its own time. */
    private long now(BotCommand.Request request) {
        boolean isOfTheDay = request instanceof BotCommand.Register
                || request instanceof BotCommand.Resume
                || request instanceof BotCommand.PlanReplay
                || request instanceof BotCommand.StartReplay;
        return isOfTheDay ? bot.clock().millis() : leases.now();
    }

    private static boolean isOfWorker(BotCommand.Request request) {
        return request instanceof BotCommand.Heartbeat
                || request instanceof BotCommand.MoveCheckpoints
                || request instanceof BotCommand.Judge;
    }

    private void line(BotCommand.Ask ask) {
        if (!askers.offer(ask, bot.ticker().millis(), lanes.patience(ask))) {
            refuse(ask, ProblemType.TOO_MANY_REQUESTS, "too many workers wait for a run of the bot");
        }
    }

    private void ask(BotCommand.Request request) {
        if (!line.keepForProof(request)) {
            refuse(request, ProblemType.TOO_MANY_REQUESTS, "too many ask the bot");
        }
    }

    private void answer(BotCommand.Request request, BotReply reply) {
        request.replyTo().tell(moment.inform(reply));
    }

    /** What {@link #next} gave is on its way to the log. */
    void commitBegins() {
        line.commitBegins();
    }

    /** Has it proven that the bot is still owned here, if somebody waits for that. */
    void look() {
        line.look();
    }

    /** A look at the log has ended. {@return whether somebody else owns the bot now} */
    boolean looked(Look look) {
        List<BotCommand.Request> unproven = line.looked(look);
        unproven.forEach(BotDesk::refuseAway);
        return look.isTaken() && !unproven.isEmpty();
    }

    /** A commit is durable. */
    void settle(BotState before, BotState after) {
        line.committed();
        meters.settled(before, after);
        chronicle.settled(before, after);
        triggers.settle(before, after);
        replays.settle(before, after);
        lanes.settle();
        if (before.run() != null && after.run() == null) {
            leases.fence(after);
        }
        chronicle.work(after, moment.hasReason());
    }

    /** Time has gone on. */
    void tick(BotState state) {
        askers.expire(bot.ticker().millis());
        triggers.askAgain(state);
        leases.fenceAgain(state);
        bars.tick(state);
    }

    /** The plan of schedules was told, or wasn't. */
    void planned(BotCommand.Planned planned) {
        planning.done(planned.scheduled(), planned.durable());
    }

    /** How long until the next slot, at most a minute: the clock may be set. Null if there is none, or it has come. */
    @Nullable
    Duration untilSlot(BotState state) {
        Long millis = state.run() == null ? millisToSlot(state) : null;
        return millis == null || millis <= 0 ? null : Duration.ofMillis(Math.min(millis, 60_000));
    }

    private @Nullable Long millisToSlot(BotState state) {
        Instant next = slots.next(bot.id().value(), state);
        return next == null ? null : next.toEpochMilli() - bot.clock().millis();
    }

    /** Whether time alone may change something. */
    boolean waits(BotState state) {
        return state.run() != null
                || moment.isWaiting()
                || !askers.isEmpty()
                || leases.isFencing()
                || planning.isPending(state)
                || lanes.isPending(state)
                || ReplayDesk.isActive(state)
                || state.waiting().bar() != null
                || chronicle.isPending()
                || isDueHere(state);
    }

    private boolean isDueHere(BotState state) {
        Long millis = millisToSlot(state);
        return millis != null
                && millis <= 0
                && HandlerSpec.isDoneByNodes(state.registration().handler())
                && !leases.isHeld(state);
    }

    /** Whether the bot would only leave to come back. */
    private boolean isDueSoon(BotState state) {
        Long millis = millisToSlot(state);
        return millis != null && millis > 0 && millis <= SOON_MILLIS;
    }

    /** Whether the bot is needed where it is. */
    boolean isBusy(BotState state) {
        return state.run() != null
                || !line.isEmpty()
                || !askers.isEmpty()
                || moment.isAsking()
                || planning.isPending(state)
                || ReplayDesk.isActive(state)
                || state.waiting().bar() != null
                || isDueSoon(state)
                || isDueHere(state)
                || lanes.isBusy(state)
                || state.backoffUntil() > leases.now()
                || (moment.hasReason()
                        && state.mayRun(leases.now())
                        && HandlerSpec.isDoneByNodes(state.registration().handler()));
    }

    /** Whether it was only looked after, and nothing was found to do. */
    boolean wasForNothing(BotState state) {
        return onlyChecked && !isBusy(state);
    }

    /** What has to be told to whoever is the bot next. */
    BotCommand legacy(ActorRef<BotReply> nobody) {
        return moment.isForced() ? new BotCommand.RunNow(nobody) : BotCommand.Check.ALL;
    }

    /** The bot leaves in an orderly way: it is noted how. */
    void leave(BotState state) {
        chronicle.leave(state);
    }

    /**
     * The bot's actor has ended.
     *
     * @param rests because it was at rest
     */
    void close(boolean rests) {
        meters.close(rests, chronicle.isPending());
    }

    /** Ends the run without waiting for its handler, and tells everybody who waits. */
    void clear() {
        moment.runEnded(bot.ticker().millis(), 0);
        line.drain().forEach(BotDesk::refuseAway);
        askers.refuseAll(AWAY);
    }

    static void refuseAway(BotCommand.Request request) {
        request.replyTo().tell(new BotReply.Refused(AWAY));
    }

    private static void refuse(BotCommand.Request request, ProblemType type, String detail) {
        request.replyTo().tell(new BotReply.Refused(Problem.of(type, detail)));
    }
}
