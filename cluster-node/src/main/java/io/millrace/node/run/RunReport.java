package io.millrace.node.run;

import io.millrace.node.application.RunRef;
import io.millrace.node.telemetry.LogFields;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What a run tells its bot about how it went. */
final class RunReport {
    private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);

    private static final Duration PAUSE_PATIENCE = Duration.ofSeconds(30);

    private final RunRef run;
    private final RunEffects effects;
    private final Clock clock;

    RunReport(RunRef run, RunEffects effects, Clock clock) {
        this.run = run;
        this.effects = effects;
        this.clock = clock;
    }

    /** Tells that the run is over, and why if something went wrong; has the bot rest after it if its handler wants that. */
    void complete(@Nullable Throwable failure, Map<QueueName, Checkpoint> reached) {
        if (failure instanceof RefusedException refused && refused.isStale()) {
            endedFromOutside();
            return;
        }
        if (failure != null) {
            about(LOG.atWarn())
                    .setCause(failure)
                    .log("run {} of bot {} failed", run.run(), run.bot().value());
        }
        tell(
                failure == null
                        ? new RunProtocol.Complete(RunProtocol.Status.OK, null, byName(reached), null)
                        : new RunProtocol.Complete(
                                RunProtocol.Status.ERROR, describe(failure), byName(reached), rest(failure)),
                failure instanceof PauseException ? describe(failure) : null);
    }

    private static @Nullable Duration rest(Throwable failure) {
        return failure instanceof NotTakenException notTaken ? notTaken.after() : null;
    }

    void endedFromOutside() {
        about(LOG.atInfo())
                .log(
                        "run {} of bot {} was ended from outside",
                        run.run(),
                        run.bot().value());
    }

    /**
     * Asks what is to be done about an event.
     *
     * @param handled events that were handled well since the last time
     * @param keys tells the event's
     */
    CompletionStage<RunProtocol.Verdict> judge(
            Finding finding, long handled, Map<QueueName, Checkpoint> reached, HeldEvents keys) {
        Throwable failure = finding.failure();
        if (failure != null) {
            LogFields.event(about(LOG.atWarn()), finding.event())
                    .setCause(failure)
                    .log(
                            "event {} of queue {} failed in run {} of bot {}",
                            finding.event().eid(),
                            finding.queue().value(),
                            run.run(),
                            run.bot().value());
        }
        return effects.judge(new RunProtocol.Suspicion(
                finding.queue().value(),
                finding.event().eid(),
                failure == null ? null : DeadLetter.oneLine(describe(failure)),
                finding.rejected(),
                handled,
                finding.after(),
                byName(reached),
                keys.key(finding.event()),
                keys.letter(finding.event()),
                null));
    }

    /** @param pause why the bot is to rest once it has heard of the end; only then is it known that the run was its own */
    private void tell(RunProtocol.Complete message, @Nullable String pause) {
        effects.complete(message).whenComplete((done, lost) -> {
            if (lost == null && pause != null) {
                pause(pause);
            }
            Throwable cause = lost == null ? null : unwrap(lost);
            if (cause instanceof RefusedException refused && refused.isStale()) {
                return; // somebody else has ended it, or it was heard the first time
            }
            if (cause instanceof RefusedException refused && !refused.isRetryable() && hasCheckpoints(message)) {
                // The bot has to hear that the run is over, else it waits for it until the deadline.
                tell(new RunProtocol.Complete(RunProtocol.Status.ERROR, describe(refused), null, null), pause);
            } else if (cause != null) {
                about(LOG.atWarn())
                        .setCause(cause)
                        .log(
                                "the end of run {} of bot {} could not be told",
                                run.run(),
                                run.bot().value());
            }
        });
    }

    private void pause(String reason) {
        Retries after = new Retries(clock, clock.instant().plus(PAUSE_PATIENCE));
        effects.pause(reason, after).whenComplete((done, lost) -> {
            if (lost != null) {
                about(LOG.atWarn())
                        .setCause(lost)
                        .log(
                                "bot {} could not be paused; its next run will want it again",
                                run.bot().value());
            }
        });
    }

    private LoggingEventBuilder about(LoggingEventBuilder line) {
        return LogFields.run(line, run.bot().value(), run.run());
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
