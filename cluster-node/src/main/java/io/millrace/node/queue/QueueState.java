package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.QueueConfig;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * What a queue knows of itself: positions and small maps, never payloads. Pure: {@link #apply} is total, and
 * {@link AppendDecider} and {@link ChangeDecider} decide on it.
 *
 * @param sequence the number of the last record of the log
 * @param createdAt ms since the epoch, 0 if it was never made
 * @param config what users set
 * @param version counts the changes of {@code config} and {@code archived}
 * @param archived whether it takes no events
 * @param last the last id given
 * @param ordinal events ever taken
 * @param bytes stored bytes of the events that can be read
 * @param first the oldest event that can be read, null if there is none
 * @param floor the last record whose events are gone
 * @param floorOrdinal events that are gone
 * @param gone the newest event that is gone, {@link EventId#MIN} if none is
 * @param producers by name, at most {@link #MAX_PRODUCERS}
 * @param marks by bot, at most {@link #MAX_WRITERS}: more are refused, since a mark forgotten is output twice
 * @param writers by bot, at most {@link #MAX_WRITERS}: the one silent for longest makes room
 * @param subscribers bots that it triggers
 * @param replayed about how many bytes a recovery would replay
 */
record QueueState(
        long sequence,
        long createdAt,
        QueueConfig config,
        long version,
        boolean archived,
        EventId last,
        long ordinal,
        long bytes,
        @Nullable EventId first,
        long floor,
        long floorOrdinal,
        EventId gone,
        PMap<String, Producer> producers,
        PMap<String, Marks> marks,
        PMap<String, Writer> writers,
        PSet<String> subscribers,
        long replayed) {

    /** Producers that a queue remembers; the one unused for longest makes room. */
    static final int MAX_PRODUCERS = 10_000;

    /** Bots whose marks and write checkpoints a queue keeps. */
    static final int MAX_WRITERS = 1_000;

    /** A producer unused for so long is forgotten, ms. */
    static final long PRODUCER_MEMORY = 7 * 24 * 3_600_000L;

    /** A snapshot is due when a recovery would replay about so many bytes of record heads, */
    static final long REPLAY_LIMIT = 512 << 10;

    /** and so many more for each producer: what is replayed and what a snapshot costs stay in proportion. */
    static final long REPLAY_PER_PRODUCER = 512;

    private static final int HEAD = 128;
    private static final int TAKE = 192;
    private static final int MARK = 96;

    /** A queue that was never written to. */
    static final QueueState EMPTY = new QueueState(
            0,
            0,
            QueueConfig.NONE,
            0,
            false,
            EventId.MIN,
            0,
            0,
            null,
            0,
            0,
            EventId.MIN,
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePSet.empty(),
            0);

    boolean exists() {
        return createdAt > 0;
    }

    boolean isPaused() {
        return Boolean.TRUE.equals(config.paused());
    }

    /** Whether nothing of a bot's runs before an epoch can be taken any more. */
    boolean isFenced(String bot, long generation, long epoch) {
        Marks known = marks.get(bot);
        return known == null
                ? marks.size() >= MAX_WRITERS // it can't write here at all
                : known.isFenced(generation, epoch);
    }

    /**
     * Where a reader goes on whose next events are gone, null if they aren't: the oldest event that is kept. From the
     * beginning nothing is skipped; that is the oldest event, whichever it is.
     */
    @Nullable
    EventId skippedTo(Position after) {
        return after.isBefore(gone) && !after.firstAfter().equals(EventId.MIN) ? first : null;
    }

    boolean isSnapshotDue() {
        return replayed >= REPLAY_LIMIT + REPLAY_PER_PRODUCER * producers.size();
    }

    QueueState apply(QueueEvent event) {
        Builder next = new Builder(this);
        if (event instanceof QueueEvent.Appended appended) {
            next.append(appended);
        } else if (event instanceof QueueEvent.Configured configured) {
            next.createdAt = createdAt == 0 ? configured.at() : createdAt;
            next.config = configured.config();
            next.archived = false;
            next.version++;
        } else if (event instanceof QueueEvent.Archived) {
            next.archived = true;
            next.version++;
        } else if (event instanceof QueueEvent.Purged) {
            next.floor = sequence;
            next.floorOrdinal = ordinal;
            next.gone = last;
            next.first = null;
            next.bytes = 0;
        } else if (event instanceof QueueEvent.Trimmed trimmed) {
            next.floor = trimmed.floor();
            next.floorOrdinal = trimmed.floorOrdinal();
            next.gone = trimmed.gone();
            next.first = trimmed.first();
            next.bytes -= trimmed.bytes();
        } else if (event instanceof QueueEvent.Subscribed subscribed) {
            next.subscribers = subscribers.plus(subscribed.bot());
        } else if (event instanceof QueueEvent.Unsubscribed unsubscribed) {
            next.subscribers = subscribers.minus(unsubscribed.bot());
        } else if (event instanceof QueueEvent.Fenced fenced) {
            next.marks = marks.plus(
                    fenced.bot(),
                    marks.getOrDefault(fenced.bot(), Marks.NONE).fence(fenced.generation(), fenced.epoch()));
        } else {
            throw new AssertionError("no rule to apply " + event);
        }
        return next.build();
    }

    /** The fields of the next state; never leaves {@link #apply}. */
    private static final class Builder {
        private final QueueState state;
        private long createdAt;
        private QueueConfig config;
        private long version;
        private boolean archived;
        private EventId last;
        private long ordinal;
        private long bytes;
        private @Nullable EventId first;
        private long floor;
        private long floorOrdinal;
        private EventId gone;
        private PMap<String, Producer> producers;
        private PMap<String, Marks> marks;
        private PMap<String, Writer> writers;
        private PSet<String> subscribers;
        private long replayed;

        Builder(QueueState state) {
            this.state = state;
            createdAt = state.createdAt;
            config = state.config;
            version = state.version;
            archived = state.archived;
            last = state.last;
            ordinal = state.ordinal;
            bytes = state.bytes;
            first = state.first;
            floor = state.floor;
            floorOrdinal = state.floorOrdinal;
            gone = state.gone;
            producers = state.producers;
            marks = state.marks;
            writers = state.writers;
            subscribers = state.subscribers;
            // The record that passed the limit made the snapshot: what comes after it starts to count anew.
            replayed = HEAD + (state.isSnapshotDue() ? 0 : state.replayed);
        }

        void append(QueueEvent.Appended event) {
            createdAt = createdAt == 0 ? event.at() : createdAt;
            if (first == null && event.events() > 0) {
                first = event.last().plus(1L - event.events());
            }
            last = event.last();
            ordinal = event.ordinal();
            bytes += event.bytes();
            replayed += (long) TAKE * event.takes().size();
            event.takes().forEach(take -> take(event.at(), take));
        }

        private void take(long at, QueueEvent.Take take) {
            QueueEvent.Sequence sequence = take.sequence();
            if (sequence != null) {
                Producer producer = producers.getOrDefault(sequence.producer(), Producer.NEW);
                producers = room(producers, sequence.producer(), MAX_PRODUCERS, Comparator.comparing(Producer::usedAt))
                        .plus(sequence.producer(), producer.take(at, take, sequence));
            }
            QueueEvent.Run run = take.run();
            if (run != null) {
                replayed += (long) MARK * run.marks().size();
                marks = marks.plus(
                        run.bot(), marks.getOrDefault(run.bot(), Marks.NONE).take(run));
            }
            String bot = take.writer();
            EventId end = take.last();
            if (bot != null && end != null) {
                Writer before = writers.get(bot);
                writers = room(writers, bot, MAX_WRITERS, Comparator.comparing(Writer::at))
                        .plus(
                                bot,
                                new Writer(
                                        end,
                                        (before == null ? 0 : before.records()) + take.events(),
                                        take.source(),
                                        at));
            }
        }

        private static <V> PMap<String, V> room(PMap<String, V> map, String key, int limit, Comparator<V> age) {
            if (map.size() < limit || map.containsKey(key)) {
                return map;
            }
            return map.entrySet().stream()
                    .min(Map.Entry.comparingByValue(age))
                    .map(oldest -> map.minus(oldest.getKey()))
                    .orElse(map);
        }

        QueueState build() {
            return new QueueState(
                    state.sequence + 1,
                    createdAt,
                    config,
                    version,
                    archived,
                    last,
                    ordinal,
                    bytes,
                    first,
                    floor,
                    floorOrdinal,
                    gone,
                    producers,
                    marks,
                    writers,
                    subscribers,
                    replayed);
        }
    }
}
