package io.millrace.node.bot;

import io.millrace.node.application.Ticker;
import io.millrace.node.log.LogOwnership;
import io.millrace.node.run.RunLauncher;
import io.millrace.node.settings.BotSettings;
import io.millrace.protocol.BotId;
import java.time.Clock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What one bot actor needs from around it.
 *
 * @param node this node's name, shown with its runs
 * @param log the bot's log's name
 * @param ownership tells whether the log is still this owner's
 * @param clock what is shown; read when a lease begins
 * @param ticker what waits and leases are measured with
 * @param plan keeps which bots have a schedule
 * @param replays copies what is to be replayed
 * @param letters settles what was left of a redrive in order, told which bot's
 * @param records where it is noted how the bot stands
 * @param runIds makes ids of runs
 * @param passivation asks the shard to let the actor go
 * @param metrics hear how the bot stands and what its runs come to
 * @param others tells something to another bot, by its name: to one of its lanes, or to the bot whose lane it is
 * @param successor tells something to whoever is the bot after this actor has stopped
 */
record BotContext(
        BotId id,
        String node,
        String log,
        LogOwnership ownership,
        BotSettings settings,
        Clock clock,
        Ticker ticker,
        TriggerQueues queues,
        SchedulePlan plan,
        RunLauncher launcher,
        ReplayWork replays,
        Consumer<String> letters,
        BotRecords records,
        Supplier<String> runIds,
        BotMetrics metrics,
        Consumer<ActorRef<BotCommand>> passivation,
        BiConsumer<String, BotCommand> others,
        Consumer<BotCommand> successor) {}
