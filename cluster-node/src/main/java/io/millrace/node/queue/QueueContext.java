package io.millrace.node.queue;

import io.millrace.node.application.Ticker;
import io.millrace.node.cluster.Moves;
import io.millrace.node.log.LogOwnership;
import io.millrace.node.settings.QueueSettings;
import io.millrace.protocol.QueueName;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What one queue actor needs from around it.
 *
 * @param name the queue
 * @param log its log's name
 * @param clock for ids and timestamps
 * @param ticker for waits
 * @param moves what the sweeper is to hear of
 * @param ownership tells whether the log is still this owner's
 * @param truncation removes what was purged
 * @param old finds what may go
 * @param plan who watches the time for queues at rest looks there
 * @param registration puts the queue's name into the directory
 * @param passivation asks the shard to let the actor go
 */
record QueueContext(
        QueueName name,
        String log,
        QueueSettings settings,
        Clock clock,
        Ticker ticker,
        BotSignals bots,
        Moves moves,
        QueueMetrics metrics,
        LogOwnership ownership,
        LogTruncation truncation,
        OldRecords old,
        RetentionPlan plan,
        Supplier<CompletionStage<Void>> registration,
        Consumer<ActorRef<QueueCommand>> passivation) {

    CompletionStage<Void> register() {
        return registration.get();
    }

    void passivate(ActorRef<QueueCommand> self) {
        passivation.accept(self);
    }
}
