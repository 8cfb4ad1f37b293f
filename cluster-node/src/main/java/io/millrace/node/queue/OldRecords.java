package io.millrace.node.queue;

import io.millrace.node.journal.LogReader;
import io.millrace.node.journal.LogRecord;
import io.millrace.node.journal.LogTail;
import io.millrace.protocol.EventId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds how much of a queue's oldest records may go: whole buckets of its log, from the oldest on, as long as the rule lets
 * each go. Reads heads only, and the last bucket, which isn't full yet, never.
 */
final class OldRecords {
    /** The buckets of one step, whose records are gone together: 64 MiB each at most, mostly. */
    private static final int STEP = 256;

    /** Heads read at once: those of 500 appends have some 100 KB. */
    private static final int PAGE = 64;

    private final LogReader log;

    OldRecords(LogReader log) {
        this.log = log;
    }

    /** {@return the last record of the oldest bucket; it may not be there yet} */
    static long endOfFirst(long floor) {
        return LogReader.bucketEnd(floor + 1);
    }

    /** {@return where the log itself began lately; empty if it isn't known} */
    CompletionStage<Optional<LogTail>> standing(String name) {
        return log.lately(name);
    }

    /**
     * What may go.
     *
     * @param state as it stands; what comes later changes nothing about old records
     * @param now ms since the epoch
     */
    CompletionStage<Oldest> find(String name, QueueState state, RetentionRule rule, long now) {
        return new Search(name, state, rule, now).on();
    }

    private final class Search {
        private final String name;
        private final QueueState state;
        private final RetentionRule rule;
        private final long now;
        private final long most;
        private long floor;
        private long floorOrdinal;
        private EventId gone;
        private long bytes;

        Search(String name, QueueState state, RetentionRule rule, long now) {
            this.name = name;
            this.state = state;
            this.rule = rule;
            this.now = now;
            floor = state.floor();
            floorOrdinal = state.floorOrdinal();
            gone = state.gone();
            most = floor + (long) STEP * LogReader.BUCKET;
        }

        CompletionStage<Oldest> on() {
            long end = endOfFirst(floor);
            if (end > state.sequence()) {
                return finish(false, Oldest.UNKNOWN, 0);
            } else if (floor >= most) {
                return finish(true, Oldest.UNKNOWN, 0);
            }
            return weigh(floor + 1, end, new Part()).thenCompose(part -> {
                if (!rule.lets(part.last.millis(), part.bytes, state.bytes() - bytes, now)) {
                    return finish(false, part.last.millis(), part.bytes);
                }
                floor = end;
                floorOrdinal = part.ordinal;
                gone = part.last;
                bytes += part.bytes;
                return on();
            });
        }

        private CompletionStage<Part> weigh(long from, long end, Part part) {
            return log.heads(name, from, end, PAGE).thenCompose(records -> {
                records.forEach(part::add);
                long next = from + records.size();
                return next > end ? CompletableFuture.completedStage(part) : weigh(next, end, part);
            });
        }

        private CompletionStage<Oldest> finish(boolean more, long keptUntil, long keptBytes) {
            if (floor == state.floor()) {
                return CompletableFuture.completedStage(new Oldest(null, more, floor, keptUntil, keptBytes));
            }
            return firstKept(floor + 1)
                    .thenApply(first -> new Oldest(
                            new Cut(state.floor(), floor, floorOrdinal, gone, first.orElse(null), bytes),
                            more,
                            floor,
                            keptUntil,
                            keptBytes));
        }

        private CompletionStage<Optional<EventId>> firstKept(long from) {
            if (floorOrdinal == state.ordinal() || from > state.sequence()) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            return log.heads(name, from, state.sequence(), PAGE).thenCompose(records -> {
                EventId first = firstOf(records);
                return first == null
                        ? firstKept(from + records.size())
                        : CompletableFuture.completedStage(Optional.of(first));
            });
        }

        private static @Nullable EventId firstOf(List<LogRecord> records) {
            return records.stream()
                    .map(record -> QueueEventCodec.position(record.head()))
                    .filter(head -> head.events() > 0)
                    .map(head -> head.last().plus(1L - head.events()))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** What one bucket's records come to. */
    private static final class Part {
        private EventId last = EventId.MIN;
        private long ordinal;
        private long bytes;

        void add(LogRecord record) {
            QueueEventCodec.HeadPosition head = QueueEventCodec.position(record.head());
            last = head.last();
            ordinal = head.ordinal();
            bytes += head.bytes();
        }
    }
}
