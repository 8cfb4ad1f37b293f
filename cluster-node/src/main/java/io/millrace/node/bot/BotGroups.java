package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.Steering;
import io.millrace.node.journal.NameDirectory;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Bots that are steered together: those that have a tag, or that a queue triggers. Whom a tag means is listed, so that nobody
 * else is woken for it; a name stays listed when its bot drops the tag, and the bot is asked.
 */
final class BotGroups {
    private static final String TAG = "bot-tag:";
    private static final int PARALLELISM = 16;

    /** Sends a request to a bot. */
    @FunctionalInterface
    interface Ask {
        CompletionStage<BotReply> ask(String bot, Function<ActorRef<BotReply>, BotCommand> request);
    }

    private final ActorSystem<?> system;
    private final NameDirectory directory;
    private final Queues queues;
    private final Ask ask;

    BotGroups(ActorSystem<?> system, NameDirectory directory, Queues queues, Ask ask) {
        this.system = system;
        this.directory = directory;
        this.queues = queues;
        this.ask = ask;
    }

    /** Lists a bot under its tags; before it is registered, so that none is missing. */
    CompletionStage<?> list(String bot, @Nullable List<String> tags) {
        return tags == null
                ? CompletableFuture.completedStage(true)
                : CompletableFuture.allOf(tags.stream()
                        .map(tag -> directory.add(TAG + tag, bot).toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }

    CompletionStage<Outcome<RunProtocol.Changed>> steerTagged(String tag, Steering steering, String after, int limit) {
        return directory
                .page(TAG + tag, "", after, limit)
                .thenCompose(page -> steer(
                        page.names(),
                        config -> config.tags() != null && config.tags().contains(tag),
                        steering,
                        page.more() ? page.names().get(page.names().size() - 1) : null));
    }

    CompletionStage<Outcome<RunProtocol.Changed>> steerReaders(QueueName queue, Steering steering) {
        return queues.describe(queue)
                .thenCompose(outcome -> outcome instanceof Outcome.Refused<?> refused
                        ? CompletableFuture.completedStage(new Outcome.Refused<>(refused.problem()))
                        : steer(
                                outcome.map(info -> info.readers()) instanceof Outcome.Done<List<String>> done
                                        ? done.value()
                                        : List.of(),
                                config -> config.triggers() != null
                                        && config.triggers().contains(queue.value()),
                                steering,
                                null));
    }

    private CompletionStage<Outcome<RunProtocol.Changed>> steer(
            List<String> bots, Predicate<BotConfig> isMeant, Steering steering, @Nullable String next) {
        return Source.from(bots)
                .mapAsync(PARALLELISM, bot -> steer(bot, isMeant, steering))
                .runWith(Sink.seq(), system)
                .thenApply(replies -> replies.stream()
                        .map(BotGroups::refusal)
                        .filter(problem -> problem != null)
                        .findFirst()
                        .<Outcome<RunProtocol.Changed>>map(Outcome.Refused::new)
                        .orElseGet(() -> Outcome.done(new RunProtocol.Changed(
                                (int) replies.stream()
                                        .filter(BotReply.Info.class::isInstance)
                                        .count(),
                                next))));
    }

    /** {@return what the bot says, {@link BotReply.Nothing} if it isn't meant} */
    private CompletionStage<BotReply> steer(String bot, Predicate<BotConfig> isMeant, Steering steering) {
        return ask.ask(bot, BotCommand.Describe::new).thenCompose(reply -> {
            if (!(reply instanceof BotReply.Info info)) {
                return CompletableFuture.completedStage(reply);
            }
            BotState state = info.state();
            if (state.archived() || !isMeant.test(state.registration())) {
                return CompletableFuture.completedStage(new BotReply.Nothing());
            }
            boolean isWell = !state.paused()
                    && state.errorCount() == 0
                    && steering.rate() == null
                    && state.easing() == null
                    && !state.coordinates();
            boolean isSo = steering.pauses() ? state.paused() : isWell;
            return isSo
                    ? CompletableFuture.completedStage(reply)
                    : ask.ask(
                            bot,
                            replyTo -> steering.pauses()
                                    ? new BotCommand.Pause(steering.reason(), replyTo)
                                    : new BotCommand.Resume(steering.rate(), replyTo));
        });
    }

    /** A name without a bot is left from a registration that was refused, and no reason to refuse the others. */
    private static @Nullable Problem refusal(BotReply reply) {
        return reply instanceof BotReply.Refused refused
                        && !refused.problem().type().equals(ProblemType.NOT_FOUND.urn())
                ? refused.problem()
                : null;
    }
}
