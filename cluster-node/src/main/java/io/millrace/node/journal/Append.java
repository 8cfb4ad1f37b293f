package io.millrace.node.journal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One append under way: rows first, all of them acknowledged, then the commit. */
final class Append {
    private final Claim claim;
    private final long firstSeq;
    private final List<EncodedEvent> events;
    private final LogTables tables;
    private final JournalMetrics metrics;
    private final long bytes;
    private final long begun = System.nanoTime();
    private long rowsBegun;
    private long rowsDone;

    Append(Claim claim, long firstSeq, List<EncodedEvent> events, LogTables tables, JournalMetrics metrics) {
        this.claim = claim;
        this.firstSeq = firstSeq;
        this.events = List.copyOf(events);
        this.tables = tables;
        this.metrics = metrics;
        this.bytes = events.stream().mapToLong(EncodedEvent::bytes).sum();
    }

    long bytes() {
        return bytes;
    }

    /** {@return when every row is acknowledged by a quorum} */
    CompletionStage<Void> writeRows() {
        rowsBegun = System.nanoTime();
        var rows = new CompletableFuture<?>[events.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = writeRow(i).toCompletableFuture();
        }
        return CompletableFuture.allOf(rows).handle((done, failure) -> {
            if (failure != null) {
                throw unknown("its rows were not all acknowledged", failure);
            }
            rowsDone = System.nanoTime();
            return null;
        });
    }

    private CompletionStage<?> writeRow(int i) {
        return Failures.caught(() -> tables.insertRow(claim.log(), firstSeq + i, claim.epoch(), events.get(i)));
    }

    /** {@return the new tail} */
    CompletionStage<Long> commit() {
        long newTail = firstSeq + events.size() - 1;
        return Failures.caught(() -> tables.commitTail(claim.log(), claim.epoch(), firstSeq - 1, newTail))
                .handle((standing, failure) -> {
                    if (failure != null) {
                        throw unknown("its commit was not answered", failure);
                    }
                    if (standing.isPresent()) {
                        throw refused(standing);
                    }
                    claim.committed(newTail);
                    metrics.appended(
                            events.size(),
                            bytes,
                            rowsBegun - begun,
                            rowsDone - rowsBegun,
                            System.nanoTime() - rowsDone);
                    return newTail;
                });
    }

    private JournalException refused(Optional<LogTables.Standing> standing) {
        LogTables.Standing now = standing.orElseThrow();
        if (now.epoch() == claim.epoch()) {
            // Nobody but this claim moves the tail in its epoch, and it sends each commit once.
            return unknown("its commit met a tail that it didn't expect: " + now, null);
        }
        var fenced = new FencedException(claim + " was taken over by epoch " + now.epoch());
        claim.die(fenced);
        metrics.fenced();
        return fenced;
    }

    private UnknownOutcomeException unknown(String why, @Nullable Throwable cause) {
        var unknown = new UnknownOutcomeException(claim + ", append at " + firstSeq + ": " + why, cause);
        claim.die(unknown);
        metrics.unknown();
        return unknown;
    }
}
