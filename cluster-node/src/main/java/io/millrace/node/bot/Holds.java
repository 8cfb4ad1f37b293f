package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.lane.Keys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose events wait behind one that is among the dead letters. What waits is among the dead letters too, in order;
 * what is redriven of it is copied, and the letters stay where they are until the copies are handled: one that fails again has
 * never left its place. Pure.
 *
 * @param keys by queue and key, at most {@link #MAX} in all
 * @param bar while somebody redrives or purges letters in order: no run begins
 * @param reading the last of what was redriven in order: until it is handled, runs read nothing else
 * @param from no letter before this one can be open, null for not known
 * @param dirty whether a run may have done more than its checkpoints say
 * @param unsure by queue, up to where one may have: what waits up to there waits on, since the marks of the queues that later
 *     events were emitted into would drop what comes of it (design D5)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Holds(
        Map<String, Map<String, Hold>> keys,
        @Nullable Bar bar,
        @Nullable EventId reading,
        @Nullable EventId from,
        @Nullable Boolean dirty,
        Map<String, EventId> unsure) {
    /** Keys that may wait. All of a bot's state has to travel between nodes as one message of 256 KiB. */
    static final int MAX = 500;

    static final Holds NONE = new Holds(Map.of(), null, null, null, null, Map.of());

    /**
     * A key that waits. Its letters are open if they are not before these places, and their event isn't beyond the checkpoint:
     * that one will be read again.
     *
     * @param first its first event that isn't handled, in its queue; null where {@code letter} is known
     * @param letter its first letter that may be open; null where {@code first} is known
     * @param redriven up to which of its letters copies are being handled, null for none
     * @param whole whether these were all
     * @param stuck whether one of them has failed again: those behind it are passed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Hold(
            @Nullable EventId first,
            @Nullable EventId letter,
            @Nullable EventId redriven,
            @Nullable Boolean whole,
            @Nullable Boolean stuck) {
        static Hold beginning(EventId first) {
            return new Hold(first, null, null, null, null);
        }

        static Hold from(EventId letter) {
            return new Hold(null, letter, null, null, null);
        }

        boolean hasCopy(EventId of) {
            return redriven != null && letter != null && !letter.isAfter(of) && !of.isAfter(redriven);
        }

        private boolean hasCopyBehind(EventId of) {
            return redriven != null && !of.isAfter(redriven);
        }

        /** Its copies are behind: null if it waits no more. */
        @Nullable
        Hold read() {
            if (redriven == null) {
                return stuck == null ? this : new Hold(first, letter, null, null, null);
            }
            return Boolean.TRUE.equals(whole) ? null : from(redriven.plus(1));
        }

        private Hold stuckAt(EventId of) {
            return new Hold(null, letter == null || of.isAfter(letter) ? of : letter, null, null, true);
        }
    }

    /**
     * Letters are being redriven or purged in order.
     *
     * @param singles which, none for all
     */
    record Bar(long number, boolean purges, List<EventId> singles) {}

    /**
     * What was redriven or purged.
     *
     * @param groups by queue and key
     * @param all whether no open letter is left: then no other key waits either
     * @param end the last of what was redriven, in its queue; null for a purge, or if nothing was
     * @param from no letter before this one can be open, null for not known
     * @param unsure by queue, up to where keys wait on
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Moved(
            List<Group> groups,
            boolean all,
            @Nullable EventId end,
            @Nullable EventId from,
            Map<String, EventId> unsure) {}

    /**
     * Letters of one key.
     *
     * @param whole whether no open letter of it is left
     */
    record Group(String queue, String key, EventId first, EventId last, boolean whole) {}

    @JsonIgnore
    boolean isNone() {
        return equals(NONE);
    }

    /** Whether no key waits, and nothing is under way. */
    @JsonIgnore
    boolean isSettled() {
        return keys.isEmpty() && bar == null && reading == null;
    }

    int size() {
        return keys.values().stream().mapToInt(Map::size).sum();
    }

    @Nullable
    Hold find(String queue, String key) {
        return keys.getOrDefault(queue, Map.of()).get(key);
    }

    /** Whether a letter is one that is redriven in order now, of a key. */
    boolean hasCopy(String key, EventId letter) {
        return reading != null
                && keys.values().stream().anyMatch(names -> {
                    Hold hold = names.get(key);
                    return hold != null && hold.hasCopy(letter);
                });
    }

    /** Whether a letter is neither handled nor purged, nor was it made for an event that is yet to be read. */
    boolean isOpen(String queue, String key, EventId origin, EventId letter, Map<String, Checkpoint> read) {
        Hold hold = find(queue, key);
        return hold != null
                && (hold.first() == null || !hold.first().isAfter(origin))
                && (hold.letter() == null || !hold.letter().isAfter(letter))
                && isPassed(queue, origin, read);
    }

    static boolean isPassed(String queue, EventId origin, Map<String, Checkpoint> read) {
        Checkpoint checkpoint = read.get(queue);
        return checkpoint != null && !checkpoint.checkpoint().isBefore(origin);
    }

    /** A run has ended that may have done more than its checkpoints say. */
    Holds unsettled() {
        return keys.isEmpty() ? this : new Holds(keys, bar, reading, from, true, unsure);
    }

    /** Up to where runs may have done more than the checkpoint of a queue says, as far as that is known; null if none has. */
    @Nullable
    EventId unsure(String queue, Map<String, Checkpoint> read) {
        EventId known = unsure.get(queue);
        return known == null || isPassed(queue, known, read) ? null : known;
    }

    /** What a run is told. */
    Keys toRun(String pointer, @Nullable String redrive) {
        Map<String, List<String>> held = new HashMap<>();
        if (reading == null) {
            keys.forEach((queue, names) -> held.put(queue, List.copyOf(names.keySet())));
        } else if (redrive != null) {
            List<String> stuck = new ArrayList<>();
            keys.values()
                    .forEach(names -> names.forEach((key, hold) -> {
                        if (hold.stuck() != null) {
                            stuck.add(key);
                        }
                    }));
            held.put(redrive, stuck);
        }
        return new Keys(pointer, Map.copyOf(held), reading != null);
    }

    Holds held(BotEvent.KeyHeld event) {
        Map<String, Map<String, Hold>> next = new HashMap<>(keys);
        Map<String, Hold> names = new HashMap<>(keys.getOrDefault(event.queue(), Map.of()));
        names.putIfAbsent(event.key(), Hold.beginning(event.first()));
        next.put(event.queue(), Map.copyOf(names));
        return new Holds(Map.copyOf(next), bar, reading, from, dirty, unsure);
    }

    /** A copy has failed again: its letter is the first that is open, and the copies behind it are passed. */
    Holds stuck(BotEvent.KeyStuck event) {
        return each((key, hold) ->
                key.equals(event.key()) && hold.hasCopyBehind(event.letter()) ? hold.stuckAt(event.letter()) : hold);
    }

    Holds barred(BotEvent.LettersBarred event) {
        return new Holds(keys, new Bar(event.number(), event.purges(), event.singles()), reading, from, dirty, unsure);
    }

    /** The bar is lifted: what was purged, or copied without an open letter being left, is behind. */
    Holds moved(BotEvent.LettersMoved event) {
        Bar was = bar;
        Moved moved = event.moved();
        if (was == null || was.number() != event.number()) {
            return this;
        } else if (moved == null) {
            return new Holds(keys, null, reading, from, dirty, unsure);
        }
        boolean copied = moved.end() != null;
        Map<String, Map<String, Hold>> next = new HashMap<>(keys);
        if (moved.all()) {
            next.keySet().retainAll(moved.unsure().keySet());
        }
        for (Group group : moved.groups()) {
            Map<String, Hold> names = new HashMap<>(next.getOrDefault(group.queue(), Map.of()));
            if (copied) {
                names.put(group.key(), new Hold(null, group.first(), group.last(), group.whole(), null));
            } else if (group.whole()) {
                names.remove(group.key());
            } else {
                names.put(group.key(), Hold.from(group.last().plus(1)));
            }
            next.put(group.queue(), Map.copyOf(names));
        }
        next.values().removeIf(Map::isEmpty);
        EventId end = copied ? moved.end() : moved.all() ? null : reading;
        return new Holds(
                Map.copyOf(next),
                null,
                end,
                moved.from() == null ? from : moved.from(),
                null,
                next.isEmpty() ? Map.of() : moved.unsure());
    }

    /** All that was redriven in order is behind. */
    Holds read() {
        Holds next = each((key, hold) -> hold.read());
        return new Holds(next.keys, bar, null, from, dirty, next.keys.isEmpty() ? Map.of() : unsure);
    }

    private Holds each(BiFunction<String, Hold, @Nullable Hold> change) {
        Map<String, Map<String, Hold>> next = new HashMap<>();
        keys.forEach((queue, names) -> {
            Map<String, Hold> left = new HashMap<>();
            names.forEach((key, hold) -> {
                Hold now = change.apply(key, hold);
                if (now != null) {
                    left.put(key, now);
                }
            });
            if (!left.isEmpty()) {
                next.put(queue, Map.copyOf(left));
            }
        });
        return new Holds(Map.copyOf(next), bar, reading, from, dirty, unsure);
    }
}
