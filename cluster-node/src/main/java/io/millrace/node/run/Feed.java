package io.millrace.node.run;

import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.lane.LaneFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/** Reads one trigger queue for a run: what there is, and what comes, until the run has idled long enough or is told to stop. */
final class Feed {
    /** Stored bytes that one step reads: some thousand events, and little to throw away when the run stops. */
    private static final int STEP_BYTES = 1 << 20;

    private final Queues queues;
    private final QueueName queue;
    private final Position after;
    private final LaneFilter filter;
    private final Linger linger;
    private final IntConsumer took;
    private final Retries retries;
    private final Consumer<EventId> skipped;

    /**
     * @param filter which events are the run's to handle; of the others only the place is told
     * @param skipped told where it goes on, if retention has removed what it would have read next
     */
    Feed(
            Queues queues,
            QueueName queue,
            Position after,
            LaneFilter filter,
            Linger linger,
            Retries retries,
            Consumer<EventId> skipped) {
        this.queues = queues;
        this.queue = queue;
        this.after = after;
        this.filter = filter;
        this.linger = linger;
        this.took = linger.reading();
        this.retries = retries;
        this.skipped = skipped;
    }

    /** What is read; at the tail, about each second, a batch without events that says since when there is nothing. */
    Source<Batch, NotUsed> source() {
        return Source.unfoldAsync(Cursor.after(after), this::next).filter(batch -> !batch.isNothing());
    }

    private CompletionStage<Optional<Pair<Cursor, Batch>>> next(Cursor cursor) {
        long asked = linger.now(); // what came later a read may have missed
        return retries.repeat(() -> read(cursor)).thenApply(step -> {
            EventId kept = step.skippedTo();
            if (kept != null) {
                skipped.accept(kept);
            }
            List<Event> events = events(step.blocks(), cursor.after());
            // Only who has just looked and found nothing may end: a slow handler is no sign of an empty queue.
            if (events.isEmpty() && step.atTail() && linger.isOver()) {
                return Optional.empty();
            }
            if (events.isEmpty()) {
                return Optional.of(Pair.create(step.next(), Batch.empty(queue, step.atTail(), asked)));
            }
            List<Event> own = filter.own(events);
            Event last = events.get(events.size() - 1);
            boolean endsWithOwn =
                    !own.isEmpty() && own.get(own.size() - 1).eid().equals(last.eid());
            took.accept(own.size());
            return Optional.of(
                    Pair.create(step.next(), new Batch(queue, own, endsWithOwn ? null : last, linger.now())));
        });
    }

    private CompletionStage<Outcome<ReadStep>> read(Cursor cursor) {
        return linger.isStopped()
                ? CompletableFuture.completedStage(Outcome.done(new ReadStep(List.of(), cursor, true)))
                : queues.read(queue, cursor, STEP_BYTES, linger.left());
    }

    private static List<Event> events(List<Block> blocks, Position after) {
        List<Event> events = new ArrayList<>();
        for (Block block : blocks) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                if (after.isBefore(reader.eid())) {
                    events.add(reader.event());
                }
            }
        }
        return events;
    }
}
