package io.millrace.node.run;

import io.millrace.node.application.RunRef;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.RunProtocol;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run tells its bot about how it went. */
final class RunReport {
    private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);

    private final RunRef run;
    private final RunEffects effects;

    RunReport(RunRef run, RunEffects effects) {
        this.run = run;
        this.effects = effects;
    }

    /** Tells that the run is over, and why if something went wrong. */
    void complete(@Nullable Throwable failure, Map<QueueName, Checkpoint> reached) {
        if (failure instanceof RefusedException refused && refused.isStale()) {
            endedFromOutside();
            return;
        }
        if (failure != null) {
            LOG.warn("run {} of bot {} failed", run.run(), run.bot().value(), failure);
        }
        tell(
                failure == null
                        ? new RunProtocol.Complete(RunProtocol.Status.OK, null, byName(reached))
                        : new RunProtocol.Complete(RunProtocol.Status.ERROR, describe(failure), byName(reached)));
    }

    void endedFromOutside() {
        LOG.info("run {} of bot {} was ended from outside", run.run(), run.bot().value());
    }

    /**
     * Asks what is to be done about an event.
     *
     * @param handled events that were handled well since the last time
     */
    CompletionStage<RunProtocol.Verdict> judge(Finding finding, long handled, Map<QueueName, Checkpoint> reached) {
        Throwable failure = finding.failure();
        if (failure != null) {
            LOG.warn(
                    "event {} of queue {} failed in run {} of bot {}",
                    finding.event().eid(),
                    finding.queue().value(),
                    run.run(),
                    run.bot().value(),
                    failure);
        }
        return effects.judge(new RunProtocol.Suspicion(
                finding.queue().value(),
                finding.event().eid(),
                failure == null ? null : DeadLetter.oneLine(describe(failure)),
                finding.rejected(),
                handled,
                null,
                byName(reached)));
    }

    private void tell(RunProtocol.Complete message) {
        effects.complete(message).whenComplete((done, lost) -> {
            Throwable cause = lost == null ? null : unwrap(lost);
            if (cause instanceof RefusedException refused && refused.isStale()) {
                return; // somebody else has ended it, or it was heard the first time
            }
            if (cause instanceof RefusedException refused && !refused.isRetryable() && hasCheckpoints(message)) {
                // The bot has to hear that the run is over, else it waits for it until the deadline.
                tell(new RunProtocol.Complete(RunProtocol.Status.ERROR, describe(refused), null));
            } else if (cause != null) {
                LOG.warn(
                        "the end of run {} of bot {} could not be told",
                        run.run(),
                        run.bot().value(),
                        cause);
            }
        });
    }

    private static boolean hasCheckpoints(RunProtocol.Complete message) {
        Map<String, Checkpoint> checkpoints = message.checkpoints();
        return checkpoints != null && !checkpoints.isEmpty();
    }

    private static Map<String, Checkpoint> byName(Map<QueueName, Checkpoint> reached) {
        Map<String, Checkpoint> named = new HashMap<>();
        reached.forEach((queue, checkpoint) -> named.put(queue.value(), checkpoint));
        return named;
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** What the handler or the bus threw: futures of Java and of Scala put it into boxes. */
    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean boxed = failure instanceof CompletionException || failure instanceof ExecutionException;
        return boxed && cause != null ? unwrap(cause) : failure;
    }
}
