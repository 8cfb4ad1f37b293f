package io.millrace.node.bot;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.HandlerSpec;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What a bot has in hand: requests in line, what it was told, who waits, its run. Gives the next thing to make durable, one
 * at a time. Lost without harm when the actor ends: who waits is told, and the queues are asked again.
 */
final class BotDesk {
    static final Problem AWAY = Problem.of(ProblemType.UNAVAILABLE, "the bot's storage or owner is away; try again");

    private final BotContext bot;
    private final BotMoment moment = new BotMoment();
    private final Askers askers = new Askers();
    private final Line line = new Line();
    private final Notices notices = new Notices();
    private final Leases leases;
    private final Triggers triggers;
    /** Nothing but the sweeper's question has brought the bot back, and nothing else has come since. */
    private boolean onlyChecked = true;

    BotDesk(BotContext bot) {
        this.bot = bot;
        leases = new Leases(bot, moment, askers);
        triggers = new Triggers(bot, moment);
    }

    /** Takes a request into the line, or refuses it. */
    void offer(BotCommand.Request request) {
        onlyChecked = false;
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
            moment.nothingWaits(asleep.queue());
        } else if (signal instanceof BotCommand.Held held) {
            moment.hold(held.queue());
        } else if (signal instanceof BotCommand.Fenced fenced) {
            leases.fenced(fenced);
        } else if (signal instanceof BotCommand.Check check) {
            notices.add(check);
        } else if (signal instanceof BotCommand.Wrote wrote) {
            notices.add(wrote);
        } else if (signal instanceof BotCommand.Unask unask) {
            line.forget(unask.asker());
            leases.gone(unask.asker());
        } else {
            throw new AssertionError("nothing to note of " + signal);
        }
    }

    /** The log was read, for the first time or again. */
    void recovered(BotState state) {
        leases.recovered();
        triggers.recovered(state);
    }

    /** Answers what can be answered at once; what must become durable before anything else, null if nothing. */
    @Nullable
    BotCommit next(BotState state) {
        for (BotCommand.Request request = line.next(); request != null; request = line.next()) {
            BotCommit commit = decide(state, request);
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
        triggers.look(state, notices.checks());
        return leases.begin(state);
    }

    private @Nullable BotCommit decide(BotState state, BotCommand.Request request) {
        if (request instanceof BotCommand.Ask ask) {
            line(state, ask);
            return null;
        }
        BotDecision decision = BotDecider.decide(state, request, leases.now());
        if (decision instanceof BotDecision.Reject reject) {
            request.replyTo().tell(new BotReply.Refused(reject.problem()));
            return null;
        }
        BotDecision.Accept accept = (BotDecision.Accept) decision;
        if (request instanceof BotCommand.RunNow && state.run() == null) {
            moment.force();
        } else if (request instanceof BotCommand.Heartbeat || request instanceof BotCommand.MoveCheckpoints) {
            leases.heard();
        }
        BotCommit commit = new BotCommit(
                accept.events(),
                after -> request.replyTo().tell(moment.inform(accept.reply().apply(after))),
                problem -> request.replyTo().tell(new BotReply.Refused(problem)));
        if (accept.events().isEmpty()) {
            commit.then().accept(state);
            return null;
        }
        return commit;
    }

    private void line(BotState state, BotCommand.Ask ask) {
        if (!state.exists()) {
            refuse(ask, ProblemType.NOT_FOUND, "there is no such bot");
        } else if (!(state.registration().handler() instanceof HandlerSpec.Worker)) {
            refuse(ask, ProblemType.CONFLICT, "the bot's handler is not a worker");
        } else if (!askers.offer(ask, bot.ticker().millis())) {
            refuse(ask, ProblemType.TOO_MANY_REQUESTS, "too many workers wait for a run of the bot");
        }
    }

    /** A commit is durable. */
    void settle(BotState before, BotState after) {
        triggers.settle(before, after);
        if (before.run() != null && after.run() == null) {
            leases.fence(after);
        }
    }

    /** Time has gone on. */
    void tick(BotState state) {
        askers.expire(bot.ticker().millis());
        triggers.askAgain(state);
        leases.fenceAgain(state);
    }

    /** Whether time alone may change something. */
    boolean waits(BotState state) {
        return state.run() != null || moment.isWaiting() || !askers.isEmpty() || leases.isFencing();
    }

    /** Whether the bot is needed where it is. */
    boolean isBusy(BotState state) {
        return state.run() != null
                || !line.isEmpty()
                || !askers.isEmpty()
                || moment.isAsking()
                || state.backoffUntil() > leases.now()
                || (moment.hasReason()
                        && state.mayRun(leases.now())
                        && state.registration().handler() instanceof HandlerSpec.Java);
    }

    /** Whether it was only looked after, and nothing was found to do. */
    boolean wasForNothing(BotState state) {
        return onlyChecked && !isBusy(state);
    }

    /** What has to be told to whoever is the bot next. */
    BotCommand legacy(ActorRef<BotReply> nobody) {
        return moment.isForced() ? new BotCommand.RunNow(nobody) : BotCommand.Check.ALL;
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
