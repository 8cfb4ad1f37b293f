package io.millrace.node.bot;

import io.millrace.node.application.Append;
import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.QueueConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Does the work of replays at the queues. */
final class ReplayQueues implements ReplayWork {
    private static final int STEP_BYTES = 1 << 20;

    /** Bytes of one copy, but for single events: half of what an append may have. */
    private static final long MOST_BYTES = 8L << 20;

    private final Queues queues;

    ReplayQueues(Queues queues) {
        this.queues = queues;
    }

    @Override
    public CompletionStage<Outcome<Boolean>> prepare(String into, String later, String bot) {
        QueueConfig config = new QueueConfig(
                "What bot " + bot + " handles again; emptied after each replay", null, null, null, null);
        return tidy(later)
                .thenCompose(tidied -> tidied instanceof Outcome.Refused<Boolean>
                        ? CompletableFuture.completedStage(tidied)
                        : queues.configure(new QueueName(into), config, null)
                                .thenApply(done -> done.map(made -> true)));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> tidy(String into) {
        return queues.archive(new QueueName(into), true)
                .thenApply(outcome -> outcome instanceof Outcome.Refused<?> refused
                                && refused.problem().is(ProblemType.NOT_FOUND)
                        ? Outcome.done(true)
                        : outcome.map(done -> true));
    }

    @Override
    public CompletionStage<Outcome<Batch>> read(String queue, Position after, Position until, int most) {
        return new Gathering(new QueueName(queue), until, most).from(Cursor.after(after));
    }

    /** What was taken under this number already is taken for done: retention may have changed what is left of the range. */
    @Override
    public CompletionStage<Outcome<Boolean>> copy(
            String into, String bot, long number, long step, List<NewEvent> events) {
        BlockWriter writer = new BlockWriter(bot);
        events.forEach(writer::add);
        Append append = new Append(
                List.of(writer.build(true)),
                new Append.Sequence(new ProducerId("replay." + number), step),
                null,
                List.of());
        return queues.append(new QueueName(into), append)
                .thenApply(outcome -> outcome instanceof Outcome.Refused<?> refused
                                && refused.problem().is(ProblemType.SEQUENCE_CONFLICT)
                        ? Outcome.done(true)
                        : outcome.map(done -> true));
    }

    @Override
    public CompletionStage<Outcome<Optional<EventId>>> end(String into) {
        return queues.tail(new QueueName(into));
    }

    private final class Gathering {
        private final QueueName queue;
        private final Position until;
        private final int most;
        private final List<NewEvent> events = new ArrayList<>();
        private @Nullable EventId upTo;
        private long bytes;
        private boolean full;

        Gathering(QueueName queue, Position until, int most) {
            this.queue = queue;
            this.until = until;
            this.most = most;
        }

        CompletionStage<Outcome<Batch>> from(Cursor cursor) {
            return queues.read(queue, cursor, STEP_BYTES, Duration.ZERO).thenCompose(outcome -> {
                if (!(outcome instanceof Outcome.Done<io.millrace.node.application.ReadStep> step)) {
                    return CompletableFuture.completedStage(outcome.map(never -> new Batch(List.of(), null)));
                }
                step.value().blocks().forEach(block -> take(block, cursor.after()));
                return full || step.value().atTail()
                        ? CompletableFuture.completedStage(Outcome.done(new Batch(List.copyOf(events), upTo)))
                        : from(step.value().next());
            });
        }

        private void take(Block block, Position after) {
            BlockReader reader = new BlockReader(block);
            while (!full && reader.advance()) {
                if (!after.isBefore(reader.eid())) {
                    continue;
                }
                Event event = reader.event();
                NewEvent again = new NewEvent(
                                event.payload(),
                                Correlation.of(queue.value(), event.eid()),
                                event.sourceTimestamp(),
                                event.bot())
                        .in(event.trace());
                full = until.isBefore(event.eid())
                        || events.size() >= most
                        || (!events.isEmpty() && bytes + again.encodedBound() > MOST_BYTES);
                if (!full) {
                    events.add(again);
                    upTo = event.eid();
                    bytes += again.encodedBound();
                }
            }
        }
    }
}
