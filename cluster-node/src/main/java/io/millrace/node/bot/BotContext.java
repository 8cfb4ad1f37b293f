package io.millrace.node.bot;

import io.millrace.node.run.RunLauncher;
import io.millrace.node.settings.BotSettings;
import io.millrace.protocol.BotId;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What one bot actor needs from around it.
 *
 * @param node this node's name, shown with its runs
 * @param log the bot's log's name
 * @param runIds makes ids of runs
 * @param passivation asks the shard to let the actor go
 */
record BotContext(
        BotId id,
        String node,
        String log,
        BotSettings settings,
        Clock clock,
        TriggerQueues queues,
        RunLauncher launcher,
        Supplier<String> runIds,
        Consumer<ActorRef<BotCommand>> passivation) {}
