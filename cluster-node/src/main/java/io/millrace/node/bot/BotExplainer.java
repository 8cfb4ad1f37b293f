package io.millrace.node.bot;

import io.millrace.node.application.Health;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.StorageAwayException;
import io.millrace.protocol.BotId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.QueueInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks at all that an explanation goes by; answers whatever is away, but for the time that it takes to find that out. */
final class BotExplainer {
    private final Health health;
    private final Function<String, CompletionStage<Boolean>> listed;
    private final Function<BotId, CompletionStage<BotReply>> ask;
    private final Queues queues;
    private final Predicate<String> handlers;
    private final Clock clock;

    /**
     * @param listed whether a name is listed
     * @param ask asks a bot for its {@link BotReply.Plight}
     * @param handlers knows the java handlers of the node
     */
    BotExplainer(
            Health health,
            Function<String, CompletionStage<Boolean>> listed,
            Function<BotId, CompletionStage<BotReply>> ask,
            Queues queues,
            Predicate<String> handlers,
            Clock clock) {
        this.health = health;
        this.listed = listed;
        this.ask = ask;
        this.queues = queues;
        this.handlers = handlers;
        this.clock = clock;
    }

    CompletionStage<Explanation> explain(BotId bot) {
        return sight(bot).thenApply(BotExplanation::of);
    }

    private CompletionStage<BotSight> sight(BotId bot) {
        return health.obstacles()
                .thenCompose(obstacles -> obstacles.isEmpty()
                        ? listed.apply(bot.value())
                                .thenCompose(known -> known
                                        ? asked(bot)
                                        : CompletableFuture.completedStage(nothing(List.of(), false, "")))
                        : CompletableFuture.completedStage(nothing(obstacles, false, "")))
                .exceptionally(failure -> {
                    if (cause(failure) instanceof StorageAwayException) {
                        return nothing(List.of("Cassandra doesn't answer"), false, "");
                    }
                    throw new CompletionException(cause(failure));
                });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private BotSight nothing(List<String> obstacles, boolean isListed, String silence) {
        return new BotSight(obstacles, isListed, null, silence, false, Map.of(), null, clock.instant());
    }

    private CompletionStage<BotSight> asked(BotId bot) {
        return ask.apply(bot)
                .handle((reply, failure) -> failure == null ? reply : null)
                .thenCompose(reply -> {
                    if (reply instanceof BotReply.Plight plight) {
                        return look(bot, plight);
                    }
                    boolean refused = reply instanceof BotReply.Refused;
                    boolean unknown =
                            reply instanceof BotReply.Refused no && no.problem().status() == 404;
                    String silence =
                            refused ? ((BotReply.Refused) reply).problem().detail() : "it didn't answer in time";
                    return CompletableFuture.completedStage(nothing(List.of(), !unknown, silence));
                });
    }

    private CompletionStage<BotSight> look(BotId bot, BotReply.Plight plight) {
        BotState state = plight.state();
        CompletionStage<Map<String, QueueSight>> all = CompletableFuture.completedStage(new HashMap<>());
        for (String queue : state.triggers()) {
            all = all.thenCombine(look(new QueueName(queue), state), (seen, sight) -> {
                seen.put(queue, sight);
                return seen;
            });
        }
        boolean knows =
                state.registration().handler() instanceof HandlerSpec.Java java && handlers.test(java.className());
        Instant next = new BotSlots().next(bot.value(), state);
        return all.thenApply(seen -> new BotSight(List.of(), true, plight, "", knows, seen, next, clock.instant()));
    }

    private CompletionStage<QueueSight> look(QueueName queue, BotState state) {
        CompletionStage<@Nullable QueueInfo> info = value(queues.describe(queue));
        CompletionStage<@Nullable Long> events = value(queues.countAfter(queue, state.position(queue.value())));
        return info.thenCombine(events, QueueSight::new);
    }

    /** Null where there is no answer. */
    private static <T> CompletionStage<@Nullable T> value(CompletionStage<Outcome<T>> asked) {
        return asked.handle((outcome, failure) -> outcome instanceof Outcome.Done<T> done ? done.value() : null);
    }
}
