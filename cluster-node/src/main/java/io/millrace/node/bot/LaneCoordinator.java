package io.millrace.node.bot;

import io.millrace.node.application.LaneId;
import io.millrace.protocol.Checkpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bot's side of what it has with its lanes: tells each how it is to be until it has heard that the lane follows, opens other
 * lanes when the present ones have ended, and sends workers where runs wait for them. What is decided is journaled; this is of
 * the moment only, and asked for anew after a recovery.
 */
final class LaneCoordinator {
    private static final long REPEAT_MILLIS = 1_000;

    /** After that a lane that wanted a worker has said so again, or wants none any more. */
    private static final long WANTED_MILLIS = 2_000;

    private final BotContext bot;
    private final Leases leases;
    private final Askers askers;
    private final Map<Integer, Long> followed = new HashMap<>();
    private final Map<Integer, Map<String, Checkpoint>> ended = new HashMap<>();
    private final Map<Integer, Long> epochs = new HashMap<>();
    private final Map<Integer, Checkpoint> replayed = new HashMap<>();
    private final Map<Integer, Long> wanted = new LinkedHashMap<>();
    private long revision = -1;
    private long toldAt;
    /** What is for all lanes, and kept for none of them. */
    private final Set<BotCommand> forAll = new LinkedHashSet<>();

    LaneCoordinator(BotContext bot, Leases leases, Askers askers) {
        this.bot = bot;
        this.leases = leases;
        this.askers = askers;
    }

    /** The log was read: what lanes know is unknown. */
    void recovered() {
        revision = -1;
    }

    void heard(BotCommand.Followed told) {
        if (told.revision() == revision) {
            followed.put(told.lane(), told.revision());
            if (told.ended() != null) {
                ended.put(told.lane(), told.ended());
                epochs.put(told.lane(), told.epoch());
            }
            if (told.replayed() != null) {
                replayed.put(told.lane(), told.replayed());
            }
        }
    }

    void heard(BotCommand.Wanted told) {
        wanted.put(told.lane(), bot.ticker().millis());
    }

    /** The sweeper asks the bot to look for itself. */
    void check(BotCommand.Check check) {
        if (check.queue() == null) {
            forAll.add(check);
        }
    }

    /** A run is wanted whether or not events wait. */
    void run() {
        forAll.add(new BotCommand.RunLane());
    }

    /** Who asked has gone, perhaps from a lane. */
    void gone(BotCommand.Unask unask) {
        if (forAll.size() < Askers.MAX) {
            forAll.add(unask);
        }
    }

    /** Other lanes, when all present ones have ended; else tells them what they have to be told. */
    @Nullable
    BotCommit next(BotState state) {
        Lanes lanes = state.lanes();
        if (lanes == null || !state.coordinates()) {
            forAll.clear();
            return closeItself(state);
        }
        if (revision != lanes.revision()) {
            revision = lanes.revision();
            followed.clear();
            ended.clear();
            epochs.clear();
            replayed.clear();
            toldAt = Long.MIN_VALUE;
        }
        if (LaneDecisions.isClosing(state) && ended.size() >= lanes.count()) {
            List<Map<String, Checkpoint>> ends = new ArrayList<>();
            for (int i = 0; i < lanes.count(); i++) {
                ends.add(ended.getOrDefault(i, Map.of()));
            }
            long epoch = Collections.max(epochs.values());
            return BotCommit.of(LaneDecisions.open(state, ends, epoch, leases.now()));
        }
        order(state, lanes);
        pass(state);
        return null;
    }

    private @Nullable BotCommit closeItself(BotState state) {
        if (!LaneDecisions.isRetiring(state) || state.duty() != null) {
            return null;
        }
        return state.run() != null || !leases.isThrough(state)
                ? null
                : BotCommit.of(LaneDecisions.open(state, List.of(state.read()), state.epoch(), leases.now()));
    }

    private void order(BotState state, Lanes lanes) {
        long now = bot.ticker().millis();
        if (!isPending(state) || (toldAt != Long.MIN_VALUE && toldAt + REPEAT_MILLIS > now)) {
            return;
        }
        toldAt = now;
        for (int i = 0; i < lanes.count(); i++) {
            if (isPending(state, i)) {
                LaneOrder order = LaneOrder.of(state, i);
                bot.others().accept(order.to(bot.id().value()), new BotCommand.Order(order));
            }
        }
    }

    /** What isn't kept for any of them. */
    private void pass(BotState state) {
        for (BotCommand message : forAll) {
            for (int i = 0; i < state.laneBook().count(); i++) {
                bot.others().accept(LaneId.of(bot.id().value(), i), message);
            }
        }
        forAll.clear();
        long now = bot.ticker().millis();
        wanted.values().removeIf(at -> at + WANTED_MILLIS <= now);
        while (!wanted.isEmpty()) {
            BotCommand.Ask ask = askers.handOver(now);
            if (ask == null) {
                return;
            }
            int lane = wanted.keySet().iterator().next();
            wanted.remove(lane);
            bot.others().accept(LaneId.of(bot.id().value(), lane), ask);
        }
    }

    /** The bot as far as its lanes have come in a replay, once all of them have told. */
    BotState seen(BotState state) {
        Replaying.Range replay = state.replaying().active();
        String into = replay == null ? null : replay.into();
        boolean told = revision == state.laneBook().revision()
                && replayed.size() == state.laneBook().count();
        return into == null || !state.coordinates() || !told
                ? state
                : state.withRead(Map.of(into, LaneSum.of(state.read(), into, replayed.values())));
    }

    /** Whether a lane has yet to be heard of; while they replay, it goes on being. */
    boolean isPending(BotState state) {
        if (!state.coordinates()) {
            return false;
        }
        for (int i = 0; i < state.laneBook().count(); i++) {
            if (isPending(state, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isPending(BotState state, int lane) {
        boolean isFollowing = revision == state.laneBook().revision() && followed.containsKey(lane);
        return !isFollowing
                || ReplayDesk.isActive(state)
                || (LaneDecisions.isClosing(state) && !ended.containsKey(lane));
    }
}
