package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.setup.Setup;

/**
 * Hands the journal to an actor system: give it to the system's {@code ActorSystemSetup} and include {@code
 * millrace-journal.conf} in its configuration. One per actor system.
 */
public final class JournalSetup extends Setup {
    private final FencedLog log;
    private final SnapshotTable snapshots;
    private final Codecs codecs;
    private final Deleted deleted;
    private final Owners owners = new Owners();

    /** Deletions go on beside appends, whose way to the storage they must not fill. */
    private final InFlight truncations = new InFlight("truncations", 2, 100_000);

    /** What recovery does when records that it would need were removed by retention. */
    public enum Deleted {
        /** Recovery fails: without them the state can't be what it was. A snapshot must cover what is removed. */
        FAIL,
        /** They are passed over, as journals of Pekko commonly do. */
        SKIP
    }

    private JournalSetup(FencedLog log, SnapshotTable snapshots, Codecs codecs, Deleted deleted) {
        this.log = log;
        this.snapshots = snapshots;
        this.codecs = codecs;
        this.deleted = deleted;
    }

    /** Prepares its statements, so the schema must exist. Blocks: for the start of a node. */
    public static JournalSetup on(
            CqlSession session, String keyspace, Codecs codecs, JournalLimits limits, JournalMetrics metrics) {
        return on(session, keyspace, codecs, limits, metrics, Deleted.FAIL);
    }

    /** As the other one, and says what recovery does about removed records. */
    public static JournalSetup on(
            CqlSession session,
            String keyspace,
            Codecs codecs,
            JournalLimits limits,
            JournalMetrics metrics,
            Deleted deleted) {
        return new JournalSetup(
                new FencedLog(session, keyspace, limits, metrics),
                new SnapshotTable(session, keyspace, codecs, limits, metrics),
                codecs,
                deleted);
    }

    /**
     * Removes the oldest records of a persistent actor that lives on this node, under its claim.
     *
     * @param toSeq the last one to go; a snapshot at or past it must have been saved
     * @return the floor; else as {@link FencedLog#truncate}, {@link FencedException} too when no such actor lives here
     */
    public CompletionStage<Long> truncate(String persistenceId, long toSeq) {
        return truncations.run(1, () -> log.truncate(owners.claimOf(persistenceId), toSeq));
    }

    /**
     * {@return whether the claim of a persistent actor that lives on this node was still the log's newest at some moment after
     * this call; false too when no such actor lives here}
     */
    public CompletionStage<Boolean> holds(String persistenceId) {
        try {
            return log.holds(owners.claimOf(persistenceId));
        } catch (FencedException gone) {
            return CompletableFuture.completedStage(false);
        }
    }

    /** {@return persistent actors that have claimed their log on this node and live} */
    public int owned() {
        return owners.size();
    }

    /** {@return appends that wait for their turn on this node} */
    public int waiting() {
        return log.waiting();
    }

    FencedLog log() {
        return log;
    }

    SnapshotTable snapshots() {
        return snapshots;
    }

    Codecs codecs() {
        return codecs;
    }

    Deleted deleted() {
        return deleted;
    }

    Owners owners() {
        return owners;
    }

    static JournalSetup of(ActorSystem system) {
        return system.settings()
                .setup()
                .get(JournalSetup.class)
                .orElseThrow(() -> new IllegalStateException("the actor system was started without a JournalSetup"));
    }
}
