package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Logs that have one writer at a time, whatever its predecessors still do. Safe for many threads, never blocks but in
 * its constructor. RATIONALE.md says why this holds.
 */
public final class FencedLog {
    private static final int HEADS_PER_PAGE = Buckets.SIZE;

    private final JournalLimits limits;
    private final JournalMetrics metrics;
    private final LogTables tables;
    private final CommittedRows<LogRecord> heads;
    private final Claiming claiming;
    private final Truncation truncation;
    private final InFlight appends;

    /** Prepares its statements, so the schema must exist: see {@link Schema}. Blocks: for the start of a node. */
    public FencedLog(CqlSession session, String keyspace, JournalLimits limits, JournalMetrics metrics) {
        this(new CassandraTables(session, keyspace), limits, metrics);
    }

    FencedLog(LogTables tables, JournalLimits limits, JournalMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        this.tables = tables;
        this.heads = new CommittedRows<>(tables::selectHeads, LogRecord::seq, LogRecord::bytes, tables, metrics);
        this.claiming = new Claiming(tables, limits, metrics);
        this.truncation = new Truncation(tables);
        this.appends = new InFlight("appends", limits.bytesInFlight(), limits.appendsWaiting());
    }

    /**
     * Takes the log away from whoever has it; a log that doesn't exist begins to.
     *
     * @return the claim, or {@link JournalException} when the database doesn't let one through,
     *     {@link JournalBusyException} when too many wait
     */
    public CompletionStage<Claim> claim(String log) {
        return claiming.claim(log);
    }

    /**
     * Appends all events or none, in one commit. One append at a time on a claim.
     *
     * @param firstSeq sequence number of the first event; must be the tail of the claim + 1
     * @return the new tail once the events are durable and readable. Else {@link FencedException}: not stored, another
     *     owner; {@link UnknownOutcomeException}: look after the next claim, this one is dead;
     *     {@link JournalBusyException} or {@link IllegalArgumentException}: refused before anything was sent, the
     *     claim lives
     */
    public CompletionStage<Long> append(Claim claim, long firstSeq, List<EncodedEvent> events) {
        Append append;
        try {
            append = begin(claim, firstSeq, events);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedStage(refused);
        }
        return appends.run(append.bytes(), () -> append.writeRows().thenCompose(written -> append.commit()))
                .whenComplete((tail, failure) -> {
                    if (Failures.cause(failure) instanceof JournalBusyException) {
                        metrics.busy();
                        claim.abandon();
                    }
                });
    }

    /** The steps of an append, apart: tests stop an owner between them. */
    Append begin(Claim claim, long firstSeq, List<EncodedEvent> events) {
        checkLimits(claim.log(), events);
        claim.begin(firstSeq);
        return new Append(claim, firstSeq, events, tables, metrics);
    }

    /** Throws {@link IllegalArgumentException} when an event is past a limit. */
    void checkLimits(String log, List<EncodedEvent> events) {
        if (events.isEmpty() || events.size() > limits.recordsPerAppend()) {
            throw new IllegalArgumentException("log " + log + ": an append takes 1 to " + limits.recordsPerAppend()
                    + " records, not " + events.size());
        }
        for (EncodedEvent event : events) {
            if (event.bytes() > limits.recordBytes() || event.head().remaining() > limits.headBytes()) {
                throw new IllegalArgumentException("log " + log + ": a record takes at most " + limits.recordBytes()
                        + " bytes, " + limits.headBytes() + " of them in its head; " + event.manifest() + " has "
                        + event.bytes() + " and " + event.head().remaining());
            }
        }
    }

    /**
     * Hands over the committed records from {@code from} to {@code to} in order, without their bodies, on threads of
     * the driver, one at a time.
     *
     * @param to must be committed
     * @param max stops after so many
     * @return when the last one was handed over; what {@code consumer} throws ends it
     */
    public CompletionStage<Void> replayHeads(String log, long from, long to, long max, Consumer<LogRecord> consumer) {
        if (from > to || max <= 0) {
            return CompletableFuture.completedStage(null);
        }
        return heads.page(log, from, to, HEADS_PER_PAGE).thenCompose(records -> {
            long taken = Math.min(max, records.size());
            records.stream().limit(taken).forEach(consumer);
            return replayHeads(log, from + taken, to, max - taken, consumer);
        });
    }

    /**
     * Hides the records up to {@code toSeq} from everybody and deletes the buckets that have none left. The state of
     * the owner must be saved at {@code toSeq} or later: it can't be made again from what is left.
     *
     * @param toSeq what lies beyond the tail is taken as the tail
     * @return the floor. {@link FencedException} when another owner is there; after any other failure the floor may or
     *     may not have been raised, the claim lives, and the next truncation goes on where this one broke off
     */
    public CompletionStage<Long> truncate(Claim claim, long toSeq) {
        return truncation.run(claim, Math.min(toSeq, claim.tail()));
    }

    /**
     * {@return whether a claim was still the newest at some moment after this call: read at SERIAL, so that no later claim can
     * be overlooked}
     */
    public CompletionStage<Boolean> holds(Claim claim) {
        return tables.selectTail(claim.log())
                .thenApply(
                        tail -> claim.alive() && tail.isPresent() && tail.get().epoch() == claim.epoch());
    }

    /** Keeps all other appends waiting until {@code done}: for tests. */
    CompletionStage<Void> occupy(CompletionStage<Void> done) {
        return appends.run(limits.bytesInFlight(), () -> done);
    }

    /** {@return appends that wait for their turn} */
    public int waiting() {
        return appends.waiting();
    }
}
