package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunRef;
import io.millrace.node.telemetry.LogFields;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.RunProtocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final RunOrder order;
    private final Retries retries;
    private final Sent sent = new Sent();

    RunEffects(Queues queues, Bots bots, RunOrder order, Retries retries) {
        this.queues = queues;
        this.bots = bots;
        this.run = order.ref();
        this.order = order;
        this.retries = retries;
    }

    /**
     * Appends all, without waiting for what was sent before: each names what it follows in its queue. Called in the order of
     * the events, by one thread after the other.
     */
    CompletionStage<Void> append(Map<QueueName, List<Append>> appends) {
        requireRegistered(appends.keySet());
        return CompletableFuture.allOf(appends.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(append -> append(entry.getKey(), append)))
                .toArray(CompletableFuture[]::new));
    }

    /** Appends all that is numbered, each queue's one after the other, the queues side by side. */
    CompletionStage<Void> produce(Map<QueueName, List<Append>> appends) {
        requireRegistered(appends.keySet());
        return CompletableFuture.allOf(appends.entrySet().stream()
                .map(entry -> produce(entry.getKey(), entry.getValue()).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Who registered the bot had to have the right to write these: a handler must not have more. */
    private void requireRegistered(Set<QueueName> queues) {
        for (QueueName queue : queues) {
            if (!order.mayWrite(queue)) {
                throw new IllegalStateException("the bot isn't registered to write queue " + queue
                        + ": it has to stand in its writes, where this bus takes keys");
            }
        }
    }

    private CompletionStage<Boolean> produce(QueueName queue, List<Append> appends) {
        return retries.repeat(() -> last(queue)).thenCompose(last -> {
            CompletionStage<Boolean> all = CompletableFuture.completedStage(true);
            for (Append append : appends) {
                Append numbered = append.numberedAfter(last);
                all = all.thenCompose(before ->
                        retries.repeat(() -> queues.append(queue, numbered)).thenApply(done -> true));
            }
            return all;
        });
    }

    /** The number of what the runs before have emitted last without having read anything; no other run is at it. */
    private CompletionStage<Outcome<Long>> last(QueueName queue) {
        return queues.producer(queue, ProducerId.of(run.bot())).thenApply(outcome -> {
            if (outcome instanceof Outcome.Refused<ProducerInfo> refused
                    && refused.problem().is(ProblemType.NOT_FOUND)) {
                return Outcome.done(0L);
            }
            return outcome.map(ProducerInfo::sequence);
        });
    }

    private CompletableFuture<Boolean> append(QueueName queue, Append append) {
        Append inOrder = append.after(sent.last(queue, append));
        return retries.repeat(() -> queues.append(queue, inOrder))
                .thenApply(done -> true)
                .toCompletableFuture();
    }

    /** Begins anew behind what is done: what was sent beyond that may never be taken, so nothing is to follow it. */
    void again() {
        sent.clear();
    }

    CompletionStage<Boolean> checkpoint(Map<QueueName, Checkpoint> checkpoints) {
        return retries.repeat(() -> bots.checkpoint(run, checkpoints));
    }

    /** For the bot's ledger; a run goes on whatever becomes of it. */
    void skipped(QueueName queue, EventId kept) {
        retries.repeat(() -> bots.skipped(run, queue, kept)).whenComplete((done, failure) -> {
            if (failure != null) {
                LogFields.place(LogFields.run(LOG.atWarn(), run.bot().value(), run.run()), queue.value(), kept)
                        .log("bot {} skipped to {} of queue {}, and wasn't told", run.bot(), kept, queue);
            }
        });
    }

    CompletionStage<RunProtocol.Verdict> judge(RunProtocol.Suspicion suspicion) {
        return retries.repeat(() -> bots.judge(run, suspicion));
    }

    /**
     * Has the bot rest, after the run is over.
     *
     * @param after the run's own repeat nothing any more
     */
    CompletionStage<Boolean> pause(String reason, Retries after) {
        return after.repeat(() -> bots.pause(run.owner(), reason)).thenApply(paused -> true);
    }

    CompletionStage<Boolean> complete(RunProtocol.Complete complete) {
        return retries.repeat(() -> bots.complete(run, complete));
    }
}
