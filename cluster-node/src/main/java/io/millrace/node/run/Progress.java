package io.millrace.node.run;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import java.util.HashMap;
import java.util.Map;

/** What a run has done and not yet checkpointed. Confined to the run's stream. */
final class Progress {
    /** A checkpoint is due after so many records or so many ms (semantics.md). */
    private static final int EVERY_RECORDS = 1_000;

    private static final long EVERY_MILLIS = 1_000;

    private final Map<QueueName, Checkpoint> reached = new HashMap<>();
    private final Map<QueueName, Checkpoint> unsaved = new HashMap<>();
    private long unsavedRecords;
    private long savedAt;
    private boolean moved;

    Progress(Map<String, Checkpoint> from, long now) {
        from.forEach((queue, checkpoint) -> reached.put(new QueueName(queue), checkpoint));
        savedAt = now;
    }

    /** Events were handled and their output is durable. */
    void done(Handled handled, long now) {
        Checkpoint before = reached.get(handled.queue());
        Checkpoint checkpoint = new Checkpoint(
                Position.of(handled.last().eid()),
                (before == null ? 0 : before.records()) + handled.events(),
                handled.last().sourceTimestamp(),
                handled.takenAt(),
                now);
        reached.put(handled.queue(), checkpoint);
        unsaved.put(handled.queue(), checkpoint);
        unsavedRecords += handled.events();
        moved = true;
    }

    /** Whether anything was done at all. */
    boolean hasMoved() {
        return moved;
    }

    /** Up to where all is done. */
    Position position(QueueName queue) {
        Checkpoint checkpoint = reached.get(queue);
        return checkpoint == null ? Position.BEGINNING : checkpoint.checkpoint();
    }

    boolean isDue(long now) {
        return !unsaved.isEmpty() && (unsavedRecords >= EVERY_RECORDS || now - savedAt >= EVERY_MILLIS);
    }

    /** Takes what is to save. */
    Map<QueueName, Checkpoint> take(long now) {
        Map<QueueName, Checkpoint> taken = Map.copyOf(unsaved);
        unsaved.clear();
        unsavedRecords = 0;
        savedAt = now;
        return taken;
    }
}
