package io.millrace.node.bot;

import io.millrace.node.application.LaneId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.RunProtocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** A bot as users see it, its lanes included: they are asked, and what they are together is told. */
final class LaneViews {
    private final BotLag lag;
    private final BotTables tables;
    private final BotGroups.Ask bots;

    LaneViews(BotLag lag, BotTables tables, BotGroups.Ask bots) {
        this.lag = lag;
        this.tables = tables;
        this.bots = bots;
    }

    CompletionStage<BotInfo> describe(String bot, BotState state) {
        CompletionStage<BotInfo> itself = alone(bot, state);
        return state.coordinates()
                ? itself.thenCombine(each(state.laneBook().count(), i -> lane(bot, state, i)), LaneSum::info)
                : itself;
    }

    /** What was noted of its past is a few seconds old; without it the rest is told all the same. */
    private CompletionStage<BotInfo> alone(String bot, BotState state) {
        return tables.bots()
                .get(LaneId.note(bot))
                .exceptionally(failure -> Optional.empty())
                .thenCompose(row -> lag.describe(
                        bot,
                        state,
                        row.flatMap(BotRow::parse).map(BotRow::trend).orElse(null)));
    }

    private CompletionStage<BotInfo> lane(String bot, BotState state, int index) {
        String name = LaneId.of(bot, index);
        return bots.ask(name, BotCommand.Describe::new)
                .thenCompose(reply -> reply instanceof BotReply.Info info
                        ? alone(name, info.state())
                        : CompletableFuture.completedStage(unheard(name, state)))
                .exceptionally(away -> unheard(name, state));
    }

    /** It has yet to hear of its bot, or gives no answer: it stands where it began, or beyond. */
    private static BotInfo unheard(String name, BotState state) {
        return unheard(name, BotView.info(name, state, Map.of(), Map.of(), 0));
    }

    /** The same of a bot of which something was noted. */
    static BotInfo unheard(String name, BotInfo bot) {
        Map<String, Checkpoint> start = new HashMap<>();
        bot.checkpoints().read().forEach((queue, from) -> start.put(queue, LaneDecisions.at(from, 0)));
        return new BotInfo(
                name,
                bot.config(),
                "nominal",
                List.of(),
                null,
                0,
                null,
                null,
                0,
                null,
                new BotInfo.Checkpoints(start, Map.of()),
                Map.of(),
                null,
                null,
                new BotInfo.Runs(0, 0));
    }

    /** The bot with the checkpoints that its lanes have now; as it is if it has none. */
    CompletionStage<BotState> seen(String bot, BotState state) {
        if (!state.coordinates()) {
            return CompletableFuture.completedStage(state);
        }
        return each(
                        state.laneBook().count(),
                        i -> bots.ask(LaneId.of(bot, i), BotCommand.Describe::new)
                                .thenApply(reply -> reply instanceof BotReply.Info info
                                        ? info.state().read()
                                        : LaneOrder.of(state, i).start()))
                .thenApply(lanes -> state.withRead(LaneSum.of(state.read(), lanes)));
    }

    /** The last runs of a bot and of all lanes that it ever had, newest first. */
    CompletionStage<RunProtocol.Summaries> runs(String bot, BotState state) {
        Lanes lanes = state.laneBook();
        CompletionStage<List<RunProtocol.Summary>> own = noted(bot, newestFirst(state.past()));
        CompletionStage<List<List<RunProtocol.Summary>>> theirs = each(lanes.widest() > 1 ? lanes.widest() : 0, i -> {
            String name = LaneId.of(bot, i);
            return bots.ask(name, BotCommand.GetRuns::new)
                    .thenApply(reply -> reply instanceof BotReply.Runs runs ? runs.past() : List.<BotState.Past>of())
                    .exceptionally(away -> List.of())
                    .thenCompose(past -> noted(name, past));
        });
        return own.thenCombine(
                theirs,
                (mine, others) -> others.isEmpty()
                        ? new RunProtocol.Summaries(mine)
                        : new RunProtocol.Summaries(all(mine, others)
                                .sorted(Comparator.comparing(RunProtocol.Summary::to)
                                        .reversed())
                                .limit(LastRuns.KEPT)
                                .toList()));
    }

    private static List<BotState.Past> newestFirst(List<BotState.Past> past) {
        List<BotState.Past> all = new ArrayList<>(past);
        Collections.reverse(all);
        return all;
    }

    private CompletionStage<List<RunProtocol.Summary>> noted(String bot, List<BotState.Past> past) {
        return tables.runs()
                .get(bot)
                .thenApply(noted ->
                        LastRuns.of(BotView.summaries(bot, past).runs(), noted).runs());
    }

    /** What has moved its checkpoints, and where retention has made its lanes skip; newest first. */
    CompletionStage<CheckpointLedger> ledger(String bot, BotState state) {
        int count = state.coordinates() ? state.laneBook().count() : 0;
        return each(count, i -> {
                    String name = LaneId.of(bot, i);
                    return bots.ask(name, BotCommand.GetMoves::new)
                            .thenApply(reply -> reply instanceof BotReply.Moves moves
                                    ? BotView.ledger(name, moves.moves()).moves()
                                    : List.<CheckpointLedger.Move>of());
                })
                .thenApply(others -> {
                    List<Ledger.Move> own = new ArrayList<>(state.moves().moves());
                    Collections.reverse(own);
                    return new CheckpointLedger(all(BotView.ledger(bot, own).moves(), others)
                            .sorted(Comparator.comparing(CheckpointLedger.Move::at)
                                    .reversed())
                            .limit(Ledger.MAX)
                            .toList());
                });
    }

    private static <T> Stream<T> all(List<T> mine, List<List<T>> others) {
        return Stream.concat(mine.stream(), others.stream().flatMap(List::stream));
    }

    /** What comes of all of them, in their order. */
    private static <T> CompletionStage<List<T>> each(int count, IntFunction<CompletionStage<T>> one) {
        CompletionStage<List<T>> all = CompletableFuture.completedStage(new ArrayList<>());
        for (int i = 0; i < count; i++) {
            all = all.thenCombine(one.apply(i), (some, next) -> {
                some.add(next);
                return some;
            });
        }
        return all;
    }
}
