package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.lane.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decisions about lanes. Their number or key is changed in three steps, each journaled before the next: every lane comes to an
 * end, which is where all that it has emitted stands at or before its checkpoint, and says where; the bot opens the new lanes
 * at the least of these places, with all of them, so that each knows what was done beyond; the new ones begin.
 *
 * <p>Pure; {@code now} is ms since the epoch.
 */
final class LaneDecisions {
    private LaneDecisions() {}

    /** Whether the lanes are to become others. */
    static boolean isClosing(BotState bot) {
        Lanes lanes = bot.lanes();
        BotConfig config = bot.config();
        if (lanes == null || config == null) {
            return false;
        }
        int wanted = config.laneCount();
        return wanted != lanes.count() || (wanted > 1 && !Objects.equals(config.laneKey(), lanes.key()));
    }

    /** Whether it is to come to an end, itself, and has not. */
    static boolean isRetiring(BotState state) {
        LaneDuty duty = state.duty();
        return duty != null ? duty.retiring() && !duty.retired() : !state.coordinates() && isClosing(state);
    }

    /**
     * Whether others can go on from where it stands: it has passed all that it had to leave out, and nothing that it has emitted
     * comes from beyond. Only where no run is under way and none before can emit any more is that for good.
     *
     * @param marks by source queue, the furthest that its output comes from
     */
    static boolean isThrough(BotState state, Map<String, EventId> marks) {
        return goals(state, marks).isEmpty();
    }

    /** Up to where it has yet to come, by queue, so that others can go on from there; see {@link #isThrough}. */
    static Map<String, Position> goals(BotState state, Map<String, EventId> marks) {
        Lane lane = state.lane();
        Lane.Before before = lane == null ? null : lane.before();
        Map<String, Position> goals = new HashMap<>();
        for (String queue : state.sources()) {
            EventId mark = marks.get(queue);
            Position emitted = mark == null ? Position.BEGINNING : Position.of(mark);
            Position done = before == null ? Position.BEGINNING : before.furthest(queue);
            Position goal = Lane.compare(emitted, done) > 0 ? emitted : done;
            if (Lane.compare(state.position(queue), goal) < 0) {
                goals.put(queue, goal);
            }
        }
        return goals;
    }

    /**
     * What keeps a registration from being taken: where lanes have come differently far in a queue, that is known for the queues
     * that they read. One that isn't read any more would be forgotten by the next change, and events be left out or done twice
     * if it ever came back.
     *
     * @return null if nothing does
     */
    static @Nullable Problem obstacle(BotState bot, BotConfig next) {
        if (bot.config() == null || bot.duty() != null) {
            return null;
        }
        if (bot.coordinates() && next.onPoisonKey() == BotConfig.OnPoisonKey.WAIT) {
            return Problem.of(
                    ProblemType.CONFLICT,
                    "keys can wait behind dead letters only once the bot has one lane: register it with one, and so when its lanes"
                            + " have ended");
        }
        List<String> left = new ArrayList<>(bot.triggers());
        left.removeAll(next.triggers() == null ? List.of() : next.triggers());
        if (left.isEmpty()) {
            return null;
        } else if (bot.coordinates()) {
            String detail = "a bot with lanes can't do without a trigger that it had: " + String.join(", ", left)
                    + "; register it with one lane first";
            return Problem.of(
                    ProblemType.UNPROCESSABLE, detail, List.of(new Problem.InputError(null, "/triggers", detail)));
        }
        return isClosing(bot) || bot.lane() != null
                ? Problem.of(
                        ProblemType.CONFLICT,
                        "the bot's lanes are still being changed; no trigger can be left out until that is done")
                : null;
    }

    /**
     * The next lanes.
     *
     * @param ends where each of the present ones has ended, by queue
     * @param epoch the greatest that runs of the present ones had
     */
    static BotEvent.LanesOpened open(BotState bot, List<Map<String, Checkpoint>> ends, long epoch, long now) {
        Lanes lanes = bot.laneBook();
        BotConfig config = bot.registration();
        Set<String> queues = new TreeSet<>();
        ends.forEach(end -> queues.addAll(end.keySet()));
        Map<String, Checkpoint> read = new HashMap<>(lanes.count() > 1 ? bot.read() : Map.of());
        Map<String, List<Position>> done = new HashMap<>();
        for (String queue : queues) {
            List<Position> positions = new ArrayList<>();
            Checkpoint least = null;
            Checkpoint total = read.get(queue);
            long records = total == null ? 0 : total.records();
            for (Map<String, Checkpoint> end : ends) {
                Checkpoint at = end.getOrDefault(queue, new Checkpoint(Position.BEGINNING, 0, null, null, null));
                positions.add(at.checkpoint());
                records += at.records();
                least = least == null || Lane.compare(at.checkpoint(), least.checkpoint()) < 0 ? at : least;
            }
            read.put(queue, at(Objects.requireNonNull(least), records));
            if (positions.stream().distinct().count() > 1) {
                done.put(queue, List.copyOf(positions));
            }
        }
        int count = config.laneCount();
        return new BotEvent.LanesOpened(
                now,
                lanes.number() + 1,
                count,
                count > 1 ? config.laneKey() : null,
                done.isEmpty() ? null : new Lane.Before(lanes.count(), lanes.key(), Map.copyOf(done)),
                Map.copyOf(read),
                Math.max(bot.epoch(), epoch));
    }

    static Checkpoint at(Checkpoint place, long records) {
        return new Checkpoint(
                place.checkpoint(), records, place.sourceTimestamp(), place.startedTimestamp(), place.endedTimestamp());
    }

    /** What a lane makes of an order; nothing if it knows that or a later one. */
    static List<BotEvent> follow(BotState lane, LaneOrder order, long now) {
        LaneDuty known = lane.duty();
        if (known != null && known.revision() >= order.revision()) {
            return List.of();
        }
        List<BotEvent> events = new ArrayList<>();
        BotState.Run run = lane.run();
        BotEvent.How how = known == null ? null : ending(lane, known, order);
        if (run != null && how != null) {
            events.add(new BotEvent.RunEnded(now, run.epoch(), how, null, 0));
        }
        events.add(new BotEvent.LaneOrdered(now, order));
        return events;
    }

    /** How an order ends a run under way; null if it may go on. */
    private static BotEvent.@Nullable How ending(BotState lane, LaneDuty known, LaneOrder order) {
        if (order.kills() > known.kills()) {
            return BotEvent.How.KILLED;
        }
        boolean goesOnAsItWas = order.retire() || order.config().equals(lane.config());
        return order.archived() || !goesOnAsItWas || order.moves() > known.moves() ? BotEvent.How.SUPERSEDED : null;
    }
}
