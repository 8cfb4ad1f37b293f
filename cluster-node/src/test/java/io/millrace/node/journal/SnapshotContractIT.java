package io.millrace.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.OptionConverters;

/** The rules of the Pekko persistence TCK for snapshot stores, and that a broken snapshot is passed over. */
class SnapshotContractIT {
    private static final Duration WAIT = Duration.ofSeconds(20);

    private static JournalFixture fixture;
    private static TestNode node;

    private final String id = "p-" + UUID.randomUUID();
    private TestKit probe;
    private ActorRef store;

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
        node = new TestNode(fixture, fixture.session, JournalLimits.defaults().keeping(100), JournalSetup.Deleted.FAIL);
    }

    @AfterAll
    static void close() {
        node.close();
        fixture.close();
    }

    // Five snapshots at 11 to 15, saved at 111 to 115 ms.
    @BeforeEach
    void saveFive() {
        probe = new TestKit(node.system);
        store = ((Persistence) Persistence.apply(node.system)).snapshotStoreFor("", ConfigFactory.empty());
        for (int i = 1; i <= 5; i++) {
            save(10 + i, 110 + i, List.of("s" + i));
        }
    }

    @Test
    void onlyTheNewestAreKept() {
        var table = new SnapshotTable(
                fixture.session,
                fixture.settings.keyspace(),
                TextCodecs.CODECS,
                JournalLimits.defaults().keeping(2),
                JournalMetrics.NONE);

        table.save(id, 16, 116, List.of("s6")).toCompletableFuture().join();

        await().untilAsserted(() -> assertThat(load(SnapshotSelectionCriteria.create(14, Long.MAX_VALUE)))
                .isEmpty());
        assertThat(load(SnapshotSelectionCriteria.create(15, Long.MAX_VALUE))).isPresent();
        assertThat(load(SnapshotSelectionCriteria.latest())).isPresent();
    }

    @Test
    void nothingIsLoadedForAnUnknownId() {
        assertThat(load("unknown", SnapshotSelectionCriteria.latest())).isEmpty();
    }

    @Test
    void nothingIsLoadedWhenNoTimeOrSequenceNumberMatches() {
        assertThat(load(SnapshotSelectionCriteria.create(Long.MAX_VALUE, 100))).isEmpty();
        assertThat(load(SnapshotSelectionCriteria.create(10, Long.MAX_VALUE))).isEmpty();
        assertThat(load(SnapshotSelectionCriteria.none())).isEmpty();
    }

    @Test
    void theMostRecentIsLoaded() {
        assertThat(load(SnapshotSelectionCriteria.latest())).contains(15L);
        assertThat(load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE))).contains(13L);
        assertThat(load(SnapshotSelectionCriteria.create(14, 112))).contains(12L);
        assertThat(load(SnapshotSelectionCriteria.create(Long.MAX_VALUE, 113))).contains(13L);
        assertThat(load(SnapshotSelectionCriteria.create(12, Long.MAX_VALUE, 14, 0)))
                .isEmpty();
    }

    @Test
    void aSingleOneIsDeletedByItsSequenceNumber() {
        store.tell(new SnapshotProtocol.DeleteSnapshot(new SnapshotMetadata(id, 13, 0)), probe.getRef());
        probe.expectMsgClass(WAIT, DeleteSnapshotSuccess.class);

        assertThat(load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE))).contains(12L);
        assertThat(load(SnapshotSelectionCriteria.latest())).contains(15L);
    }

    @Test
    void allThatMatchBothBoundsAreDeleted() {
        delete(SnapshotSelectionCriteria.create(13, 113));

        assertThat(load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE))).isEmpty();
        assertThat(load(SnapshotSelectionCriteria.create(14, Long.MAX_VALUE))).contains(14L);
    }

    @Test
    void whatIsYoungerThanTheBoundIsNotDeleted() {
        delete(SnapshotSelectionCriteria.create(14, 112));

        assertThat(load(SnapshotSelectionCriteria.create(12, Long.MAX_VALUE))).isEmpty();
        assertThat(load(SnapshotSelectionCriteria.create(13, Long.MAX_VALUE))).contains(13L);
    }

    @Test
    void aSecondOneAtTheSameSequenceNumberReplacesTheFirst() {
        save(15, 222, List.of("again"));

        SelectedSnapshot loaded =
                loadWhole(id, SnapshotSelectionCriteria.latest()).orElseThrow();
        assertThat(loaded.snapshot()).isEqualTo(List.of("again"));
        assertThat(loaded.metadata()).isEqualTo(new SnapshotMetadata(id, 15, 222));
    }

    @Test
    void aLargeOneIsSavedAndOneThatIsTooLargeIsNot() {
        save(16, 116, Collections.nCopies(1024, "x".repeat(1023)));
        assertThat(load(SnapshotSelectionCriteria.latest())).contains(16L);

        var tooLarge = Collections.nCopies(9, "x".repeat(1024 * 1024));
        store.tell(new SnapshotProtocol.SaveSnapshot(new SnapshotMetadata(id, 17, 117), tooLarge), probe.getRef());
        probe.expectMsgClass(WAIT, SaveSnapshotFailure.class);
        assertThat(load(SnapshotSelectionCriteria.latest())).contains(16L);
    }

    @Test
    void brokenOnesArePassedOver() {
        save(16, 116, List.of(TextCodecs.BROKEN));
        save(17, 117, List.of(TextCodecs.BROKEN));
        fixture.session.execute(
                "UPDATE " + fixture.settings.keyspace() + ".snapshot SET manifest = 'x' WHERE log = ? AND seq = 15",
                id);

        assertThat(load(SnapshotSelectionCriteria.latest())).contains(14L);

        delete(SnapshotSelectionCriteria.create(14, Long.MAX_VALUE));
        assertThat(load(SnapshotSelectionCriteria.latest())).isEmpty();
    }

    @Test
    void manyAreDeletedAtOnce() {
        for (int seq = 100; seq < 350; seq++) {
            fixture.session.execute(
                    "INSERT INTO " + fixture.settings.keyspace() + ".snapshot (log, seq, saved_at) VALUES (?, ?, 1)",
                    id,
                    (long) seq);
        }

        delete(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE));

        assertThat(load(SnapshotSelectionCriteria.latest())).isEmpty();
    }

    private void save(long seq, long at, Object state) {
        store.tell(new SnapshotProtocol.SaveSnapshot(new SnapshotMetadata(id, seq, at), state), probe.getRef());
        probe.expectMsgClass(WAIT, SaveSnapshotSuccess.class);
        // Pekko takes the time of its own clock.
        fixture.session.execute(
                "UPDATE " + fixture.settings.keyspace() + ".snapshot SET saved_at = ? WHERE log = ? AND seq = ?",
                at,
                id,
                seq);
    }

    private void delete(SnapshotSelectionCriteria criteria) {
        store.tell(new SnapshotProtocol.DeleteSnapshots(id, criteria), probe.getRef());
        probe.expectMsgClass(WAIT, DeleteSnapshotsSuccess.class);
    }

    private Optional<Long> load(SnapshotSelectionCriteria criteria) {
        return load(id, criteria);
    }

    private Optional<Long> load(String who, SnapshotSelectionCriteria criteria) {
        return loadWhole(who, criteria).map(loaded -> loaded.metadata().sequenceNr());
    }

    private Optional<SelectedSnapshot> loadWhole(String who, SnapshotSelectionCriteria criteria) {
        store.tell(new SnapshotProtocol.LoadSnapshot(who, criteria, Long.MAX_VALUE), probe.getRef());
        return OptionConverters.toJava(probe.expectMsgClass(WAIT, SnapshotProtocol.LoadSnapshotResult.class)
                .snapshot());
    }
}
