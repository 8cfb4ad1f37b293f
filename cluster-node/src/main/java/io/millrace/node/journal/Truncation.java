package io.millrace.node.journal;

import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Removes the oldest records: first nobody sees them any more, then they go, whole buckets at a time. */
final class Truncation {
    /** A few, for appends go on beside it: at 16 at a time they took six times as long, measured with TruncationLoadIT. */
    private static final int DELETED_AT_A_TIME = 2;

    private final LogTables tables;

    Truncation(LogTables tables) {
        this.tables = tables;
    }

    CompletionStage<Long> run(Claim claim, long toSeq) {
        if (toSeq <= 0) {
            return CompletableFuture.completedStage(claim.floor());
        }
        return tables.raiseFloor(claim.log(), claim.epoch(), toSeq)
                .thenCompose(standing -> checked(claim, standing))
                .thenCompose(raised -> tables.selectTail(claim.log()))
                .thenCompose(found -> sweep(claim, found.orElseThrow()));
    }

    private CompletionStage<Long> sweep(Claim claim, LogTail standing) {
        long firstKept = Buckets.of(standing.first());
        if (standing.bucket() >= firstKept) {
            return CompletableFuture.completedStage(standing.floor());
        }
        return deleteBuckets(claim.log(), standing.bucket(), firstKept)
                .thenCompose(deleted -> tables.raiseBucket(claim.log(), claim.epoch(), firstKept))
                .thenCompose(other -> checked(claim, other))
                .thenApply(raised -> standing.floor());
    }

    private CompletionStage<Void> deleteBuckets(String log, long from, long until) {
        if (from >= until) {
            return CompletableFuture.completedStage(null);
        }
        long next = Math.min(until, from + DELETED_AT_A_TIME);
        var deletions = new ArrayList<CompletableFuture<?>>();
        for (long bucket = from; bucket < next; bucket++) {
            deletions.add(tables.deleteBucket(log, bucket).toCompletableFuture());
        }
        return CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new))
                .thenCompose(deleted -> deleteBuckets(log, next, until));
    }

    private static CompletionStage<Void> checked(Claim claim, Optional<Long> standing) {
        if (standing.isPresent() && standing.get() != claim.epoch()) {
            return CompletableFuture.failedStage(
                    new FencedException(claim + " was taken over by epoch " + standing.get()));
        }
        return CompletableFuture.completedStage(null);
    }
}
