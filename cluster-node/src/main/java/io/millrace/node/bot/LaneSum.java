package io.millrace.node.bot;

import io.millrace.node.application.LaneId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.lane.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a bot's lanes come to together: the least checkpoint of each queue, the greatest lag, the sum of what they did. Pure. */
final class LaneSum {
    private static final List<String> CONDITIONS = List.of("nominal", "warning", "error", "rogue");
    private static final Checkpoint NOTHING = new Checkpoint(Position.BEGINNING, 0, null, null, null);

    private LaneSum() {}

    static Checkpoint at(Map<String, Checkpoint> read, String queue) {
        return read.getOrDefault(queue, NOTHING);
    }

    /** @param start where they began, with the records of all before */
    static Checkpoint of(Map<String, Checkpoint> start, String queue, Collection<Checkpoint> lanes) {
        long records = at(start, queue).records();
        Checkpoint least = null;
        for (Checkpoint lane : lanes) {
            records += lane.records();
            least = least == null || Lane.compare(lane.checkpoint(), least.checkpoint()) < 0 ? lane : least;
        }
        return LaneDecisions.at(least == null ? at(start, queue) : least, records);
    }

    /** By queue, as {@link #of(Map, String, Collection)}. */
    static Map<String, Checkpoint> of(Map<String, Checkpoint> start, List<Map<String, Checkpoint>> lanes) {
        Set<String> queues = new LinkedHashSet<>(start.keySet());
        lanes.forEach(lane -> queues.addAll(lane.keySet()));
        Map<String, Checkpoint> all = new HashMap<>();
        queues.forEach(queue -> all.put(
                queue,
                of(start, queue, lanes.stream().map(lane -> at(lane, queue)).toList())));
        return all;
    }

    /**
     * A bot as it is seen with its lanes.
     *
     * @param bot as it sees itself; what it has written is all that its lanes have
     * @param lanes each as a bot of its own, in their order
     */
    static BotInfo info(BotInfo bot, List<BotInfo> lanes) {
        Optional<BotInfo> worst = lanes.stream().max(Comparator.comparingInt(BotInfo::errorCount));
        BotInfo.Runs runs = bot.runs();
        for (BotInfo lane : lanes) {
            runs = new BotInfo.Runs(
                    runs.total() + lane.runs().total(),
                    runs.failed() + lane.runs().failed());
        }
        return new BotInfo(
                bot.bot(),
                bot.config(),
                lanes.stream()
                        .map(BotInfo::state)
                        .max(Comparator.comparingInt(CONDITIONS::indexOf))
                        .orElse(bot.state()),
                flags(bot, lanes),
                bot.pauseReason(),
                worst.map(BotInfo::errorCount).orElse(0),
                worst.map(BotInfo::lastError).orElse(null),
                worst.map(BotInfo::backoffUntil).orElse(null),
                lanes.stream().mapToLong(BotInfo::epoch).max().orElse(0),
                null,
                new BotInfo.Checkpoints(
                        of(
                                bot.checkpoints().read(),
                                lanes.stream()
                                        .map(lane -> lane.checkpoints().read())
                                        .toList()),
                        bot.checkpoints().write()),
                lag(lanes),
                bot.nextRuns(),
                failing(bot.failing(), lanes),
                lanes.stream().map(LaneSum::lane).toList(),
                runs,
                bot.writeLag(),
                rates(bot.rates(), lanes),
                oldest(bot.asOf(), lanes),
                bot.rate());
    }

    private static BotInfo.Lane lane(BotInfo lane) {
        return new BotInfo.Lane(
                LaneId.index(lane.bot()),
                lane.state(),
                lane.flags(),
                lane.errorCount(),
                lane.lastError(),
                lane.backoffUntil(),
                lane.epoch(),
                lane.run(),
                lane.checkpoints().read(),
                lane.lag(),
                lane.failing(),
                lane.runs());
    }

    private static List<String> flags(BotInfo bot, List<BotInfo> lanes) {
        Set<String> flags = new LinkedHashSet<>();
        lanes.forEach(lane -> lane.flags().stream()
                .filter(flag -> flag.equals("running") || flag.equals("backing-off"))
                .forEach(flags::add));
        flags.addAll(bot.flags());
        return List.copyOf(flags);
    }

    private static Map<String, BotInfo.Lag> lag(List<BotInfo> lanes) {
        Map<String, BotInfo.Lag> all = new TreeMap<>();
        lanes.forEach(lane -> lane.lag().forEach((queue, lag) -> all.merge(queue, lag, LaneSum::greater)));
        return all;
    }

    /** The last of them to catch up is when the bot has; never, or not known, if that is so of one. */
    private static BotInfo.Lag greater(BotInfo.Lag a, BotInfo.Lag b) {
        Duration one = a.catchUp();
        Duration other = b.catchUp();
        Duration later = one == null || other == null ? null : one.compareTo(other) > 0 ? one : other;
        return new BotInfo.Lag(Math.max(a.events(), b.events()), Math.max(a.seconds(), b.seconds()), later);
    }

    private static BotInfo.@Nullable Rates rates(BotInfo.@Nullable Rates bot, List<BotInfo> lanes) {
        BotInfo.Rates all = bot;
        for (BotInfo lane : lanes) {
            BotInfo.Rates more = lane.rates();
            all = all == null || more == null
                    ? all
                    : new BotInfo.Rates(
                            plus(all.minute(), more.minute()),
                            plus(all.quarterHour(), more.quarterHour()),
                            plus(all.hour(), more.hour()));
        }
        return all;
    }

    /** What was written is counted for the bot. */
    private static BotInfo.Counts plus(BotInfo.Counts bot, BotInfo.Counts lane) {
        return new BotInfo.Counts(
                bot.read() + lane.read(), bot.written(), bot.runs() + lane.runs(), bot.errors() + lane.errors());
    }

    private static @Nullable Instant oldest(@Nullable Instant bot, List<BotInfo> lanes) {
        return bot == null
                ? null
                : lanes.stream()
                        .map(BotInfo::asOf)
                        .filter(Objects::nonNull)
                        .reduce(bot, (a, b) -> a.isBefore(b) ? a : b);
    }

    private static BotInfo.@Nullable Failing failing(BotInfo.@Nullable Failing bot, List<BotInfo> lanes) {
        Map<String, BotInfo.Suspect> suspects = new TreeMap<>();
        BotInfo.Failing all = bot;
        for (BotInfo lane : lanes) {
            BotInfo.Failing one = lane.failing();
            if (one != null) {
                one.suspects()
                        .forEach((queue, suspect) ->
                                suspects.merge(queue, suspect, (a, b) -> b.eid().isAfter(a.eid()) ? a : b));
                all = all == null
                        ? new BotInfo.Failing(suspects, one.deadLettered(), one.skipped(), null, List.of())
                        : new BotInfo.Failing(
                                suspects,
                                all.deadLettered() + one.deadLettered(),
                                all.skipped() + one.skipped(),
                                all.settledUpTo(),
                                all.settled());
            }
        }
        return all;
    }
}
