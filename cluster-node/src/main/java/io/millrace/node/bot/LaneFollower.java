package io.millrace.node.bot;

import io.millrace.node.application.LaneId;
import io.millrace.protocol.http.HandlerSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane's side of what it has with its bot: takes orders, comes to an end when told to, and asks for workers, who all ask the
 * bot. Does nothing in what isn't a lane. Of the moment only: the bot repeats what wasn't heard.
 */
final class LaneFollower {
    /** How long a worker that was sent here is kept waiting for a run before it is sent back, ms. */
    private static final long WORKER_PATIENCE = 1_000;

    private static final long REPEAT_MILLIS = 1_000;

    private final BotContext bot;
    private final BotMoment moment;
    private final Leases leases;
    private final @Nullable String owner;
    private final int index;
    private @Nullable LaneOrder order;
    private boolean runWanted;
    private long wantedAt = -REPEAT_MILLIS;
    private long workedAt = -Chronicle.EVERY;

    LaneFollower(BotContext bot, BotMoment moment, Leases leases) {
        String name = bot.id().value();
        this.bot = bot;
        this.moment = moment;
        this.leases = leases;
        owner = LaneId.isLane(name) ? LaneId.owner(name) : null;
        index = owner == null ? 0 : LaneId.index(name);
    }

    /** Those who wait for a run of a bot; a lane keeps them only for a while. */
    static Askers askers(BotContext bot) {
        String name = bot.id().value();
        if (!LaneId.isLane(name)) {
            return new Askers();
        }
        return new Askers(ask -> {
            long left = ask.waitMillis() - WORKER_PATIENCE;
            if (left > 0) {
                bot.others().accept(LaneId.owner(name), new BotCommand.Ask(ask.worker(), left, ask.replyTo()));
            } else {
                ask.replyTo().tell(new BotReply.Nothing());
            }
        });
    }

    /** How long a worker waits here, ms. */
    long patience(BotCommand.Ask ask) {
        return owner == null ? ask.waitMillis() : WORKER_PATIENCE;
    }

    void heard(BotCommand.Order told) {
        LaneOrder known = order;
        if (owner != null && (known == null || known.revision() <= told.order().revision())) {
            order = told.order();
        }
    }

    void run() {
        runWanted = owner != null;
    }

    /** What must become durable before it follows its last order; null if it does already. */
    @Nullable
    BotCommit follow(BotState state) {
        if (runWanted) {
            runWanted = false;
            if (state.run() == null) {
                moment.force();
            }
        }
        LaneOrder told = order;
        if (told == null) {
            return null;
        }
        order = null;
        var events = LaneDecisions.follow(state, told, leases.now());
        if (events.isEmpty()) {
            answer(state);
            return null;
        }
        return new BotCommit(events, this::answer, problem -> {});
    }

    /** Its end, when it has come to that. */
    @Nullable
    BotCommit retire(BotState state) {
        if (owner == null || !LaneDecisions.isRetiring(state)) {
            return null;
        }
        return state.run() != null || !leases.isThrough(state)
                ? null
                : new BotCommit(List.of(new BotEvent.LaneRetired(leases.now())), this::answer, problem -> {});
    }

    /** Has a worker sent here where there is a run for one. */
    void wantWorker(BotState state, boolean hasWorker) {
        long now = bot.ticker().millis();
        String bots = owner;
        if (bots != null && !hasWorker && wantedAt + REPEAT_MILLIS <= now && waitsForWorker(state)) {
            wantedAt = now;
            bot.others().accept(bots, new BotCommand.Wanted(index));
        } else if (hasWorker || state.run() != null) {
            wantedAt = now - REPEAT_MILLIS;
        }
    }

    /** Whether a run waits for a worker, which will come only if it is asked for. */
    boolean waitsForWorker(BotState state) {
        return owner != null
                && state.mayRun(leases.now())
                && state.registration().handler() instanceof HandlerSpec.Worker
                && moment.wantsRun(bot.ticker().millis())
                && !(LaneDecisions.isRetiring(state) && leases.isThrough(state));
    }

    /** A commit is durable: its bot hears from time to time that it works. */
    void settle() {
        long now = bot.ticker().millis();
        String bots = owner;
        if (bots != null && workedAt + Chronicle.EVERY <= now) {
            workedAt = now;
            bot.others().accept(bots, new BotCommand.Worked());
        }
    }

    private void answer(BotState state) {
        LaneDuty duty = state.duty();
        String bots = owner;
        if (duty != null && bots != null) {
            String replayed = duty.replayed();
            bot.others()
                    .accept(
                            bots,
                            new BotCommand.Followed(
                                    index,
                                    duty.revision(),
                                    state.epoch(),
                                    duty.retired() ? state.read() : null,
                                    replayed == null ? null : LaneSum.at(state.read(), replayed)));
        }
    }
}
