package io.millrace.node.bot;

import org.jspecify.annotations.Nullable;

/** What a bot has to do with lanes: as one that has some, and as one of another's. */
final class LaneDesk {
    private final BotMoment moment;
    private final Leases leases;
    private final LaneFollower follower;
    private final LaneCoordinator coordinator;

    LaneDesk(BotContext bot, BotMoment moment, Leases leases, Askers askers) {
        this.moment = moment;
        this.leases = leases;
        follower = new LaneFollower(bot, moment, leases);
        coordinator = new LaneCoordinator(bot, leases, askers);
    }

    void recovered() {
        coordinator.recovered();
    }

    /** Takes note of what bots and their lanes tell each other. */
    void note(BotCommand.Signal signal) {
        if (signal instanceof BotCommand.Order order) {
            follower.heard(order);
        } else if (signal instanceof BotCommand.Followed followed) {
            coordinator.heard(followed);
        } else if (signal instanceof BotCommand.Wanted wanted) {
            coordinator.heard(wanted);
        } else if (signal instanceof BotCommand.RunLane) {
            follower.run();
        } else {
            throw new AssertionError("nothing to note of " + signal);
        }
    }

    /** The sweeper asks the bot to look for itself. */
    void check(BotCommand.Check check) {
        coordinator.check(check);
    }

    /** Who asked has gone. */
    void gone(BotCommand.Unask unask) {
        coordinator.gone(unask);
    }

    /** A run is wanted whether or not events wait. */
    void run(BotState state) {
        if (state.coordinates()) {
            coordinator.run();
        } else {
            moment.force();
        }
    }

    /** How long a worker waits here, ms. */
    long patience(BotCommand.Ask ask) {
        return follower.patience(ask);
    }

    /** What has to become durable next, null if nothing. */
    @Nullable
    BotCommit next(BotState state) {
        BotCommit followed = follower.follow(state);
        if (followed != null) {
            return followed;
        }
        if (state.run() != null && LaneDecisions.isRetiring(state) && leases.isThrough(state)) {
            moment.stopRun();
        }
        BotCommit retired = follower.retire(state);
        return retired == null ? coordinator.next(state) : retired;
    }

    /** The bot as far as its lanes have come in a replay under way. */
    BotState seen(BotState state) {
        return coordinator.seen(state);
    }

    /** No run begins: a worker is sent for if one waits for that. */
    void wantWorker(BotState state, boolean hasWorker) {
        follower.wantWorker(state, hasWorker);
    }

    /** A commit is durable. */
    void settle() {
        follower.settle();
    }

    /** Whether time alone may change something. */
    boolean isPending(BotState state) {
        return coordinator.isPending(state) || LaneDecisions.isRetiring(state);
    }

    /** Whether the bot is needed where it is. */
    boolean isBusy(BotState state) {
        return isPending(state) || follower.waitsForWorker(state);
    }
}
