package io.millrace.node.bot;

import io.millrace.node.application.LaneId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.lane.Lane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A bot as users see it, its lanes included: they are asked, and what they are together is told. */
final class LaneViews {
    private static final List<String> CONDITIONS = List.of("nominal", "warning", "error", "rogue");

    private final BotLag lag;
    private final BotGroups.Ask bots;

    LaneViews(BotLag lag, BotGroups.Ask bots) {
        this.lag = lag;
        this.bots = bots;
    }

    CompletionStage<BotInfo> describe(String bot, BotState state) {
        CompletionStage<BotInfo> itself = lag.describe(bot, state);
        if (!state.coordinates()) {
            return itself;
        }
        CompletionStage<List<BotInfo.Lane>> lanes = CompletableFuture.completedStage(new ArrayList<>());
        for (int i = 0; i < state.laneBook().count(); i++) {
            CompletionStage<BotInfo.Lane> lane = lane(bot, state, i);
            lanes = lanes.thenCombine(lane, (all, one) -> {
                all.add(one);
                return all;
            });
        }
        return itself.thenCombine(lanes, LaneViews::together);
    }

    private CompletionStage<BotInfo.Lane> lane(String bot, BotState state, int index) {
        String name = LaneId.of(bot, index);
        return bots.ask(name, BotCommand.Describe::new)
                .thenCompose(reply -> {
                    if (reply instanceof BotReply.Info info) {
                        LaneDuty duty = info.state().duty();
                        return lag.describe(name, info.state())
                                .thenApply(described -> lane(index, described, duty != null && duty.retired()));
                    }
                    return CompletableFuture.completedStage(unheard(index, state));
                })
                .exceptionally(away -> unheard(index, state));
    }

    private static BotInfo.Lane lane(int index, BotInfo info, boolean retired) {
        List<String> flags = new ArrayList<>(info.flags());
        if (retired) {
            flags.add("retired");
        }
        return new BotInfo.Lane(
                index,
                info.state(),
                flags,
                info.errorCount(),
                info.lastError(),
                info.backoffUntil(),
                info.epoch(),
                info.run(),
                info.checkpoints().read(),
                info.lag(),
                info.failing(),
                info.runs());
    }

    /** It has yet to hear of its bot, or gives no answer: it stands where it began, or beyond. */
    private static BotInfo.Lane unheard(int index, BotState state) {
        Map<String, Checkpoint> start = new HashMap<>();
        state.read().forEach((queue, from) -> start.put(queue, LaneDecisions.at(from, 0)));
        return new BotInfo.Lane(
                index, "nominal", List.of(), 0, null, null, 0, null, start, Map.of(), null, new BotInfo.Runs(0, 0));
    }

    static BotInfo together(BotInfo bot, List<BotInfo.Lane> lanes) {
        Optional<BotInfo.Lane> worst = lanes.stream().max(Comparator.comparingInt(BotInfo.Lane::errorCount));
        Set<String> flags = new LinkedHashSet<>();
        lanes.forEach(lane -> lane.flags().stream()
                .filter(flag -> flag.equals("running") || flag.equals("backing-off"))
                .forEach(flags::add));
        flags.addAll(bot.flags());
        Map<String, BotInfo.Lag> late = new HashMap<>();
        lanes.forEach(lane -> lane.lag()
                .forEach((queue, one) -> late.merge(
                        queue,
                        one,
                        (a, b) -> new BotInfo.Lag(
                                Math.max(a.events(), b.events()), Math.max(a.seconds(), b.seconds())))));
        BotInfo.Runs runs = bot.runs();
        for (BotInfo.Lane lane : lanes) {
            runs = new BotInfo.Runs(
                    runs.total() + lane.runs().total(),
                    runs.failed() + lane.runs().failed());
        }
        return new BotInfo(
                bot.bot(),
                bot.config(),
                lanes.stream()
                        .map(BotInfo.Lane::state)
                        .max(Comparator.comparingInt(CONDITIONS::indexOf))
                        .orElse(bot.state()),
                List.copyOf(flags),
                bot.pauseReason(),
                worst.map(BotInfo.Lane::errorCount).orElse(0),
                worst.map(BotInfo.Lane::lastError).orElse(null),
                worst.map(BotInfo.Lane::backoffUntil).orElse(null),
                lanes.stream().mapToLong(BotInfo.Lane::epoch).max().orElse(0),
                null,
                new BotInfo.Checkpoints(
                        least(bot.checkpoints().read(), lanes),
                        bot.checkpoints().write()),
                late,
                bot.nextRuns(),
                failing(bot.failing(), lanes),
                lanes,
                runs);
    }

    private static Map<String, Checkpoint> least(Map<String, Checkpoint> start, List<BotInfo.Lane> lanes) {
        Map<String, Checkpoint> all = new HashMap<>();
        Set<String> queues = new LinkedHashSet<>(start.keySet());
        lanes.forEach(lane -> queues.addAll(lane.checkpoints().keySet()));
        Checkpoint nothing = new Checkpoint(Position.BEGINNING, 0, null, null, null);
        for (String queue : queues) {
            Checkpoint least = null;
            long records = start.getOrDefault(queue, nothing).records();
            for (BotInfo.Lane lane : lanes) {
                Checkpoint at = lane.checkpoints().getOrDefault(queue, nothing);
                records += at.records();
                least = least == null || Lane.compare(at.checkpoint(), least.checkpoint()) < 0 ? at : least;
            }
            if (least != null) {
                all.put(queue, LaneDecisions.at(least, records));
            }
        }
        return all;
    }

    private static BotInfo.@Nullable Failing failing(BotInfo.@Nullable Failing bot, List<BotInfo.Lane> lanes) {
        Map<String, BotInfo.Suspect> suspects = new TreeMap<>();
        BotInfo.Failing all = bot;
        for (BotInfo.Lane lane : lanes) {
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

    /** The last runs of a bot and of its lanes, newest first. */
    CompletionStage<List<BotState.Past>> runs(String bot, List<BotState.Past> own) {
        return bots.ask(bot, BotCommand.Describe::new).thenCompose(reply -> {
            int count = reply instanceof BotReply.Info info && info.state().coordinates()
                    ? info.state().laneBook().count()
                    : 0;
            CompletionStage<List<BotState.Past>> all = CompletableFuture.completedStage(own);
            for (int i = 0; i < count; i++) {
                CompletionStage<List<BotState.Past>> lane = bots.ask(LaneId.of(bot, i), BotCommand.GetRuns::new)
                        .thenApply(runs -> runs instanceof BotReply.Runs past ? past.past() : List.<BotState.Past>of())
                        .exceptionally(away -> List.of());
                all = all.thenCombine(lane, LaneViews::newest);
            }
            return all;
        });
    }

    private static List<BotState.Past> newest(List<BotState.Past> some, List<BotState.Past> more) {
        List<BotState.Past> all = new ArrayList<>(some);
        all.addAll(more);
        all.sort(Comparator.comparingLong(BotState.Past::endedAt).reversed());
        return all.subList(0, Math.min(all.size(), BotState.MAX_PAST));
    }
}
