package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has an event among a bot's dead letters on behalf of a run that is done elsewhere. May be repeated. */
public final class Burial {
    private static final int STEP_BYTES = 1 << 20;

    private final Queues queues;

    /** Reads and appends as any run does. */
    public Burial(Queues queues) {
        this.queues = queues;
    }

    /** Done when the dead letter is durable; the verdict is handed on. */
    public CompletionStage<Outcome<RunProtocol.Verdict>> bury(
            RunRef run, QueueName queue, EventId eid, RunProtocol.Verdict verdict) {
        String text = eid.toString();
        Position before = Position.parse(text.substring(0, text.length() - 1));
        return queues.read(queue, Cursor.after(before), STEP_BYTES, Duration.ZERO)
                .thenCompose(outcome -> {
                    if (outcome instanceof Outcome.Done<ReadStep> done) {
                        Optional<Event> event = find(done.value(), eid);
                        return event.isPresent()
                                ? append(run, event.get(), verdict)
                                : refused(Problem.of(ProblemType.NOT_FOUND, "the queue has no such event"));
                    }
                    return refused(((Outcome.Refused<ReadStep>) outcome).problem());
                });
    }

    private CompletionStage<Outcome<RunProtocol.Verdict>> append(RunRef run, Event event, RunProtocol.Verdict verdict) {
        Append append = DeadLetter.append(run, event, verdict);
        return queues.append(DeadLetter.queue(run.bot()), append).thenApply(outcome -> outcome.map(done -> verdict));
    }

    private static CompletionStage<Outcome<RunProtocol.Verdict>> refused(Problem problem) {
        return CompletableFuture.completedStage(new Outcome.Refused<>(problem));
    }

    private static Optional<Event> find(ReadStep step, EventId eid) {
        for (Block block : step.blocks()) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                if (reader.eid().equals(eid)) {
                    return Optional.of(reader.event());
                }
            }
        }
        return Optional.empty();
    }
}
