package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.QueueName;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What a run does to the bus: appends and checkpoints, repeated while that is safe and the lease stands. */
final class RunEffects {
    private static final long FIRST_PAUSE = 20;
    private static final long LAST_PAUSE = 1_000;

    private final Queues queues;
    private final Bots bots;
    private final RunRef run;
    private final Clock clock;

    RunEffects(Queues queues, Bots bots, RunRef run, Clock clock) {
        this.queues = queues;
        this.bots = bots;
        this.run = run;
        this.clock = clock;
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
            // A repetition is safe also when the first outcome is unknown: the queue's mark drops what it has (design
            // D5).
            all = all.thenCompose(done -> persistently(
                    () -> queues.append(queue, append).thenApply(outcome -> outcome.map(result -> true)), FIRST_PAUSE));
        }
        return all;
    }

    CompletionStage<Boolean> checkpoint(Map<QueueName, Checkpoint> checkpoints) {
        return persistently(() -> bots.checkpoint(run, checkpoints), FIRST_PAUSE);
    }

    private CompletionStage<Boolean> persistently(Supplier<CompletionStage<Outcome<Boolean>>> effect, long pause) {
        return effect.get().thenCompose(outcome -> {
            if (outcome instanceof Outcome.Done<Boolean>) {
                return CompletableFuture.completedStage(true);
            }
            RefusedException refused = new RefusedException(((Outcome.Refused<Boolean>) outcome).problem());
            if (!refused.isRetryable()
                    || clock.millis() + pause >= run.deadline().toEpochMilli()) {
                return CompletableFuture.failedStage(refused);
            }
            return CompletableFuture.supplyAsync(
                            () -> true, CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS))
                    .thenCompose(now -> persistently(effect, Math.min(LAST_PAUSE, pause * 2)));
        });
    }
}
