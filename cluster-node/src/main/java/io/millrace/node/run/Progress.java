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

    Progress(Map<String, Checkpoint> from, long now) {
        from.forEach((queue, checkpoint) -> reached.put(new QueueName(queue), checkpoint));
        savedAt = now;
    }

    /** A batch was handled and its output is durable. */
    void done(Batch batch, long now) {
        Checkpoint before = reached.get(batch.queue());
        Checkpoint checkpoint = new Checkpoint(
                Position.of(batch.last().eid()),
                (before == null ? 0 : before.records()) + batch.events().size(),
                batch.last().sourceTimestamp(),
                batch.takenAt(),
                now);
        reached.put(batch.queue(), checkpoint);
        unsaved.put(batch.queue(), checkpoint);
        unsavedRecords += batch.events().size();
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
