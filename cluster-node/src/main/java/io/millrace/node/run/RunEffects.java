package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.RunProtocol;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run does to the bus, repeated while that is safe and the lease stands. */
final class RunEffects {
    private static final Logger LOG = LoggerFactory.getLogger(RunEffects.class);

    private final Queues queues;
    private final Bots bots;
    private final RunRef run;
    private final Retries retries;

    RunEffects(Queues queues, Bots bots, RunRef run, Retries retries) {
        this.queues = queues;
        this.bots = bots;
        this.run = run;
        this.retries = retries;
    }

    /** Appends all, each queue's in order, the queues side by side. */
    CompletionStage<Void> append(Map<QueueName, List<Append>> appends) {
        return CompletableFuture.allOf(appends.entrySet().stream()
                .map(entry -> appendAll(entry.getKey(), entry.getValue()).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Boolean> appendAll(QueueName queue, List<Append> appends) {
        CompletionStage<Boolean> all = CompletableFuture.completedStage(true);
        for (Append append : appends) {
            all = all.thenCompose(
                    before -> retries.repeat(() -> queues.append(queue, append)).thenApply(done -> true));
        }
        return all;
    }

    CompletionStage<Boolean> checkpoint(Map<QueueName, Checkpoint> checkpoints) {
        return retries.repeat(() -> bots.checkpoint(run, checkpoints));
    }

    /** For the bot's ledger; a run goes on whatever becomes of it. */
    void skipped(QueueName queue, EventId kept) {
        retries.repeat(() -> bots.skipped(run, queue, kept)).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("bot {} skipped to {} of queue {}, and wasn't told", run.bot(), kept, queue);
            }
        });
    }

    CompletionStage<Boolean> complete(RunProtocol.Complete complete) {
        return retries.repeat(() -> bots.complete(run, complete));
    }
}
