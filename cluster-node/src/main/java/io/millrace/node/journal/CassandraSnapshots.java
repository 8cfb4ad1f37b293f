package io.millrace.node.journal;

import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.concurrent.Future;

/** The snapshot store of all persistent actors of a node. */
public final class CassandraSnapshots extends SnapshotStore {
    private final SnapshotTable snapshots = JournalSetup.of(context().system()).snapshots();

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return Failures.asScala(snapshots
                .load(persistenceId, within(criteria))
                .thenApply(found -> found.map(loaded -> SelectedSnapshot.create(
                        new SnapshotMetadata(persistenceId, loaded.seq(), loaded.savedAt()), loaded.state()))));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object state) {
        return Failures.asScala(Failures.caught(
                () -> snapshots.save(metadata.persistenceId(), metadata.sequenceNr(), metadata.timestamp(), state)));
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return Failures.asScala(snapshots.delete(metadata.persistenceId(), metadata.sequenceNr()));
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return Failures.asScala(snapshots.delete(persistenceId, within(criteria)));
    }

    private static SnapshotTable.Within within(SnapshotSelectionCriteria criteria) {
        return new SnapshotTable.Within(
                criteria.minSequenceNr(), criteria.maxSequenceNr(), criteria.minTimestamp(), criteria.maxTimestamp());
    }
}
