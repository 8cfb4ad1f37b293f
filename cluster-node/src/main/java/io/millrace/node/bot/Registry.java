package io.millrace.node.bot;

import io.millrace.node.application.LaneId;
import io.millrace.node.application.Outcome;
import io.millrace.node.journal.NameDirectory;
import io.millrace.node.run.RunLauncher;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Registers bots: holds what is wanted against all that it must fulfil, and lists the bot before it is asked to be so. */
final class Registry {
    private final BotAsks asks;
    private final NameDirectory directory;
    private final BotGroups groups;
    private final RunLauncher launcher;
    private final Clock clock;

    Registry(BotAsks asks, NameDirectory directory, BotGroups groups, RunLauncher launcher, Clock clock) {
        this.asks = asks;
        this.directory = directory;
        this.groups = groups;
        this.launcher = launcher;
        this.clock = clock;
    }

    /** As {@link io.millrace.node.application.Bots#register} says. */
    CompletionStage<Outcome<BotReply.Info>> register(BotId bot, BotConfig config, @Nullable String ifMatch) {
        Optional<Problem> problem = BotRules.check(config, launcher::knows, launcher::check, clock.instant())
                .or(() -> DeadLetterOffice.nameProblem(bot))
                .or(() -> laneProblem(bot, config));
        if (problem.isPresent()) {
            return CompletableFuture.completedStage(new Outcome.Refused<>(problem.get()));
        }
        // The name comes first: a bot that the sweeper doesn't find would be worse than a name without a bot.
        return directory
                .add(ShardedBots.DIRECTORY, bot.value())
                .thenCompose(added -> groups.list(bot.value(), config.tags()))
                .thenCompose(
                        listed -> asks.ask(bot.value(), replyTo -> new BotCommand.Register(config, ifMatch, replyTo)))
                .thenApply(reply -> reply instanceof BotReply.Info info ? Outcome.done(info) : BotAsks.refusal(reply));
    }

    private Optional<Problem> laneProblem(BotId bot, BotConfig config) {
        if (LaneId.isLane(bot.value())) {
            return Optional.of(Problem.of(
                    ProblemType.UNPROCESSABLE, "names that end in .lane- and a number are those of bots' lanes"));
        }
        HandlerSpec handler = config.handler();
        return config.laneCount() == 1 || handler == null || launcher.takesLanes(handler)
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemType.UNPROCESSABLE,
                        "the registration can't work: the handler needs all events",
                        List.of(new Problem.InputError(
                                null, "/lanes", "this handler needs all events, so it has no lanes"))));
    }
}
