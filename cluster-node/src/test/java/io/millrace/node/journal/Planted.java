package io.millrace.node.journal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Bugs of the log's protocol, each a small lie between the real code and the tables. */
public enum Planted {
    NOTHING,
    /** A claim leaves the epoch as it is. */
    NO_EPOCH_BUMP,
    /** Readers take the row with the lowest epoch. */
    LOWEST_EPOCH_WINS,
    /** The commit doesn't wait for the rows. */
    COMMIT_BEFORE_ROWS;

    LogTables in(LogTables honest) {
        return switch (this) {
            case NOTHING -> honest;
            case NO_EPOCH_BUMP -> new NoEpochBump(honest);
            case LOWEST_EPOCH_WINS -> new LowestEpochWins(honest);
            case COMMIT_BEFORE_ROWS -> new CommitBeforeRows(honest);
        };
    }

    private static final class NoEpochBump extends PassingTables {
        NoEpochBump(LogTables tables) {
            super(tables);
        }

        // Whoever claims believes that its epoch is 2, and so does everybody else: all speak as epoch 1 to the tables.
        @Override
        public CompletionStage<?> insertRow(String log, long seq, long epoch, EncodedEvent event) {
            return super.insertRow(log, seq, 1, event);
        }

        @Override
        public CompletionStage<Optional<Standing>> commitTail(String log, long epoch, long tail, long newTail) {
            return super.commitTail(log, 1, tail, newTail)
                    .thenApply(met -> met.map(standing -> new Standing(epoch, standing.tail())));
        }

        @Override
        public CompletionStage<Optional<LogTail>> claimTail(LogTail seen) {
            return super.selectTail(seen.log()).thenApply(now -> now.filter(other -> !other.equals(seen)));
        }
    }

    private static final class LowestEpochWins extends PassingTables {
        LowestEpochWins(LogTables tables) {
            super(tables);
        }

        @Override
        public CompletionStage<List<LogRecord>> selectHeads(String log, long bucket, long from, long to, int rows) {
            return super.selectHeads(log, bucket, from, to, rows).thenApply(LowestEpochWins::turned);
        }

        @Override
        public CompletionStage<List<LogRecord>> selectRows(String log, long bucket, long from, long to, int rows) {
            return super.selectRows(log, bucket, from, to, rows).thenApply(LowestEpochWins::turned);
        }

        private static List<LogRecord> turned(List<LogRecord> rows) {
            var turned = new ArrayList<>(rows);
            turned.sort(Comparator.comparing(LogRecord::seq).thenComparing(LogRecord::epoch));
            return turned;
        }
    }

    private static final class CommitBeforeRows extends PassingTables {
        CommitBeforeRows(LogTables tables) {
            super(tables);
        }

        @Override
        public CompletionStage<?> insertRow(String log, long seq, long epoch, EncodedEvent event) {
            super.insertRow(log, seq, epoch, event);
            return CompletableFuture.completedStage(true);
        }
    }
}
