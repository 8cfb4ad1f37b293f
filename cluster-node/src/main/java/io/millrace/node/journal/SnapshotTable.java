package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import io.millrace.node.telemetry.LogFields;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Snapshots of the state of actors. They are hints: one that can't be read is passed over. */
final class SnapshotTable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTable.class);

    private final InsertSnapshot insert;
    private final SelectSnapshot select;
    private final SelectSnapshotKeys selectKeys;
    private final DeleteSnapshot delete;
    private final Codecs codecs;
    private final JournalLimits limits;
    private final JournalMetrics metrics;

    SnapshotTable(CqlSession session, String keyspace, Codecs codecs, JournalLimits limits, JournalMetrics metrics) {
        this.insert = new InsertSnapshot(session, keyspace);
        this.select = new SelectSnapshot(session, keyspace);
        this.selectKeys = new SelectSnapshotKeys(session, keyspace);
        this.delete = new DeleteSnapshot(session, keyspace);
        this.codecs = codecs;
        this.limits = limits;
        this.metrics = metrics;
    }

    CompletionStage<Void> save(String log, long seq, long savedAt, Object state) {
        EncodedSnapshot snapshot = codecs.encodeSnapshot(state);
        if (snapshot.bytes().remaining() > limits.snapshotBytes()) {
            throw new IllegalArgumentException(
                    "log " + log + ": a snapshot takes at most " + limits.snapshotBytes() + " bytes; "
                            + snapshot.manifest() + " has " + snapshot.bytes().remaining());
        }
        return insert.run(log, seq, savedAt, snapshot).thenApply(done -> {
            dropOlder(log, seq);
            return null;
        });
    }

    /** Beside the save, which is done whatever becomes of this: what stays is found again after the next one. */
    private void dropOlder(String log, long newest) {
        selectKeys
                .run(log, newest, 0)
                .thenCompose(keys -> CompletableFuture.allOf(keys.stream()
                        .skip(limits.snapshotsKept())
                        .map(key -> delete.run(log, key.seq()).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LogFields.warnOfLog(LOG, log)
                                .log("older snapshots of {} could not be deleted yet: {}", log, failure.toString());
                    }
                });
    }

    /** {@return the latest that lies within and can be decoded} */
    CompletionStage<Optional<Loaded>> load(String log, Within within) {
        return select.run(log, within.maxSeq(), within.minSeq()).thenCompose(row -> {
            if (row.isEmpty()) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            var found = row.get();
            var loaded = within.holds(found.savedAt()) ? decode(log, found) : Optional.<Loaded>empty();
            return loaded.isPresent()
                    ? CompletableFuture.completedStage(loaded)
                    : load(log, within.before(found.seq()));
        });
    }

    private Optional<Loaded> decode(String log, SelectSnapshot.Found found) {
        var snapshot = found.snapshot();
        try {
            Object state = codecs.decodeSnapshot(snapshot.manifest(), snapshot.bytes());
            return Optional.of(new Loaded(found.seq(), found.savedAt(), state));
        } catch (RuntimeException broken) {
            LogFields.warnOfLog(LOG, log)
                    .setCause(broken)
                    .log("snapshot of {} at {} can't be read, an older one will do", log, found.seq());
            metrics.snapshotSkipped();
            return Optional.empty();
        }
    }

    CompletionStage<Void> delete(String log, long seq) {
        return delete.run(log, seq).thenApply(done -> null);
    }

    CompletionStage<Void> delete(String log, Within within) {
        return selectKeys.run(log, within.maxSeq(), within.minSeq()).thenCompose(keys -> {
            var deletions = keys.stream()
                    .filter(key -> within.holds(key.savedAt()))
                    .map(key -> delete.run(log, key.seq()).toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);
            CompletionStage<Void> deleted = CompletableFuture.allOf(deletions);
            return keys.size() < SelectSnapshotKeys.PAGE
                    ? deleted
                    : deleted.thenCompose(done ->
                            delete(log, within.before(keys.get(keys.size() - 1).seq())));
        });
    }

    /** All bounds inclusive, times in ms since the epoch. */
    record Within(long minSeq, long maxSeq, long minTime, long maxTime) {
        boolean holds(long savedAt) {
            return savedAt >= minTime && savedAt <= maxTime;
        }

        Within before(long seq) {
            return new Within(minSeq, seq - 1, minTime, maxTime);
        }
    }

    record Loaded(long seq, long savedAt, Object state) {}
}
