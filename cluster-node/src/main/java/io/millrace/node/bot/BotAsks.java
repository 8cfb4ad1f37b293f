package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.node.journal.NameDirectory;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/** Asks bots, each once for each request. Who isn't in the directory isn't brought up for a question. */
final class BotAsks {
    private final BotShards shards;
    private final NameDirectory directory;
    private final Duration timeout;

    BotAsks(BotShards shards, NameDirectory directory, Duration timeout) {
        this.shards = shards;
        this.directory = directory;
        this.timeout = timeout;
    }

    void tell(String bot, BotCommand message) {
        shards.tell(bot, message);
    }

    CompletionStage<BotReply> ask(String bot, Function<ActorRef<BotReply>, BotCommand> command) {
        return ask(bot, Duration.ZERO, command);
    }

    /** @param wait how long the answer may take besides */
    CompletionStage<BotReply> ask(String bot, Duration wait, Function<ActorRef<BotReply>, BotCommand> command) {
        return shards.ask(bot, timeout.plus(wait), command);
    }

    CompletionStage<Boolean> isKnown(String bot) {
        return directory.contains(ShardedBots.DIRECTORY, bot);
    }

    /** Does it for a bot that there is. */
    <T> CompletionStage<Outcome<T>> ifKnown(BotId bot, Supplier<CompletionStage<Outcome<T>>> then) {
        return isKnown(bot.value())
                .thenCompose(known -> known ? then.get() : CompletableFuture.completedStage(unknown()));
    }

    <T> CompletionStage<Outcome<T>> ifKnown(
            BotId bot, Function<ActorRef<BotReply>, BotCommand> command, Function<BotReply, Outcome<T>> result) {
        return ifKnown(bot, () -> ask(bot.value(), command).thenApply(result));
    }

    /** As {@link #ask}; one that there isn't refuses. */
    CompletionStage<BotReply> askKnown(String bot, Function<ActorRef<BotReply>, BotCommand> request) {
        return isKnown(bot)
                .thenCompose(known -> known
                        ? ask(bot, request)
                        : CompletableFuture.completedStage(
                                new BotReply.Refused(((Outcome.Refused<?>) unknown()).problem())));
    }

    static <T> Outcome<T> unknown() {
        return Outcome.refused(ProblemType.NOT_FOUND, "there is no such bot");
    }

    static Outcome<Boolean> done(BotReply reply) {
        return reply instanceof BotReply.Done ? Outcome.done(true) : refusal(reply);
    }

    static <T> Outcome<T> refusal(BotReply reply) {
        if (reply instanceof BotReply.Refused refused) {
            return new Outcome.Refused<>(refused.problem());
        }
        throw new AssertionError("not an answer to this: " + reply);
    }
}
