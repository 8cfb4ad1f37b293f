package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.millrace.protocol.http.BotInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a bot has done in the last minute, 15 minutes and hour: three rings of buckets of 5 s, 1 min and 5 min, at most 12, 15
 * and 12 of them, and none where nothing was done. Times are ms since the epoch. Pure.
 *
 * <p>A figure counts its window less at most one bucket: of the last minute at least 55 s, of 15 minutes at least 14, of an
 * hour at least 55 minutes. What a clock that was ahead has counted is taken for just now when another clock looks.
 */
record Tally(List<Bucket> minute, List<Bucket> quarterHour, List<Bucket> hour) {
    static final Tally NONE = new Tally(List.of(), List.of(), List.of());

    private static final Ring MINUTE = new Ring(5_000, 12);
    private static final Ring QUARTER_HOUR = new Ring(60_000, 15);
    private static final Ring HOUR = new Ring(300_000, 12);

    /**
     * What was done in a part of a window.
     *
     * @param slot counts parts since the epoch
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    @JsonPropertyOrder({"slot", "read", "written", "runs", "errors"})
    record Bucket(long slot, long read, long written, long runs, long errors) {
        private Bucket plus(Bucket other) {
            return new Bucket(
                    slot, read + other.read, written + other.written, runs + other.runs, errors + other.errors);
        }

        private Bucket at(long otherSlot) {
            return new Bucket(otherSlot, read, written, runs, errors);
        }
    }

    /** The buckets of a window: how long one is, ms, and how many there are. */
    private record Ring(long width, int size) {
        List<Bucket> add(List<Bucket> buckets, List<Bucket> more, long now) {
            long last = now / width;
            TreeMap<Long, Bucket> bySlot = new TreeMap<>();
            List<Bucket> all = new ArrayList<>(buckets);
            all.addAll(more);
            for (Bucket bucket : all) {
                Bucket past = bucket.at(Math.min(bucket.slot(), last));
                if (past.slot() > last - size) {
                    bySlot.merge(past.slot(), past, Bucket::plus);
                }
            }
            return List.copyOf(bySlot.values());
        }

        BotInfo.Counts sum(List<Bucket> buckets, long now) {
            Bucket sum = add(buckets, List.of(), now).stream().reduce(new Bucket(0, 0, 0, 0, 0), Bucket::plus);
            return new BotInfo.Counts(sum.read(), sum.written(), sum.runs(), sum.errors());
        }
    }

    boolean isNone() {
        return minute.isEmpty() && quarterHour.isEmpty() && hour.isEmpty();
    }

    Tally plus(long at, long read, long written, long runs, long errors) {
        if (read == 0 && written == 0 && runs == 0 && errors == 0) {
            return this;
        }
        Bucket one = new Bucket(0, read, written, runs, errors);
        return plus(
                new Tally(
                        List.of(one.at(at / MINUTE.width())),
                        List.of(one.at(at / QUARTER_HOUR.width())),
                        List.of(one.at(at / HOUR.width()))),
                at);
    }

    /** Both together, as seen at {@code now}. */
    Tally plus(Tally other, long now) {
        return new Tally(
                MINUTE.add(minute, other.minute, now),
                QUARTER_HOUR.add(quarterHour, other.quarterHour, now),
                HOUR.add(hour, other.hour, now));
    }

    BotInfo.Rates rates(long now) {
        return new BotInfo.Rates(MINUTE.sum(minute, now), QUARTER_HOUR.sum(quarterHour, now), HOUR.sum(hour, now));
    }
}
