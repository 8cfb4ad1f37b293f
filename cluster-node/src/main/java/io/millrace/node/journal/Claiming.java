package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.DriverException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Raises the epoch of a log. A compare-and-set that wasn't answered may have been applied or may be applied later: it
 * is looked at again, never counted as ours.
 */
final class Claiming {
    private static final int ATTEMPTS = 8;
    private static final int UNANSWERED_ATTEMPTS = 3;

    private final LogTables tables;
    private final InFlight claims;
    private final JournalMetrics metrics;

    Claiming(LogTables tables, JournalLimits limits, JournalMetrics metrics) {
        this.tables = tables;
        this.claims = new InFlight("claims", limits.claimsInFlight(), limits.claimsWaiting());
        this.metrics = metrics;
    }

    CompletionStage<Claim> claim(String log) {
        return claims.run(1, () -> new Try(log).first()).whenComplete((done, failure) -> {
            if (Failures.cause(failure) instanceof JournalBusyException) {
                metrics.busy();
            }
        });
    }

    private final class Try {
        private final String log;
        private final long started = System.nanoTime();
        private int attempts;
        private int unanswered;

        Try(String log) {
            this.log = log;
        }

        // A plain read first: nearly all claims are of logs that exist, and what it tells is checked by the
        // compare-and-set that follows.
        CompletionStage<Claim> first() {
            return retryingUnanswered(
                    tables.selectTailHint(log).thenCompose(hint -> hint.isPresent() ? takeOver(hint.get()) : begin()));
        }

        private CompletionStage<Claim> begin() {
            attempts++;
            return tables.insertTail(log)
                    .thenCompose(standing ->
                            standing.isEmpty() ? claimed(new LogTail(log, 1, 0, 0, 0)) : takeOver(standing.get()));
        }

        private CompletionStage<Claim> takeOver(LogTail seen) {
            if (attempts++ > ATTEMPTS) {
                return CompletableFuture.failedStage(new JournalException(
                        "log " + log + ": " + ATTEMPTS + " claims in a row were overtaken by others"));
            }
            return tables.claimTail(seen)
                    .thenCompose(standing -> standing.isEmpty()
                            ? claimed(new LogTail(log, seen.epoch() + 1, seen.tail(), seen.floor(), seen.bucket()))
                            : takeOver(standing.get()));
        }

        private CompletionStage<Claim> claimed(LogTail mine) {
            metrics.claimed(attempts, System.nanoTime() - started);
            return CompletableFuture.completedStage(new Claim(mine));
        }

        private CompletionStage<Claim> retryingUnanswered(CompletionStage<Claim> claiming) {
            return claiming.exceptionallyCompose(failure -> {
                if (!(Failures.cause(failure) instanceof DriverException)) {
                    return CompletableFuture.failedStage(failure);
                }
                if (++unanswered == UNANSWERED_ATTEMPTS) {
                    return CompletableFuture.failedStage(
                            new JournalException("log " + log + " could not be claimed", Failures.cause(failure)));
                }
                return first();
            });
        }
    }
}
