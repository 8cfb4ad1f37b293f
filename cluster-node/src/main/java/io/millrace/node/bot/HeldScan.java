package io.millrace.node.bot;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.lane.HeldKeys;
import io.millrace.protocol.lane.LaneKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a bot's dead letters, in order, and takes those that are to be redriven or purged: of each key a beginning of what
 * is open, so that none overtakes another. Finds the same ones each time as long as the bot is barred. Used by one thread at a
 * time.
 */
final class HeldScan {
    /** Where a letter is of a key that waits. */
    private record Place(String queue, String key) {}

    /** What is known of a letter of a key that may wait. */
    record Kept(String queue, String key, EventId origin) {
        /** Null for a letter whose key didn't wait. */
        static @Nullable Kept of(Event letter) {
            JsonNode tree = letter.payload().tree();
            JsonNode queue = tree.path("queue");
            JsonNode key = tree.path("key");
            JsonNode eid = tree.path("eid");
            if (!queue.isTextual() || !key.isTextual() || !eid.isTextual()) {
                return null;
            }
            try {
                return new Kept(queue.asText(), key.asText(), EventId.parse(eid.asText()));
            } catch (IllegalArgumentException e) {
                return null; // somebody has put it there by hand
            }
        }

        boolean isOpen(BotState state, EventId letter) {
            return state.waiting().isOpen(queue, key, origin, letter, state.read());
        }
    }

    private final BotState state;
    private final boolean purges;
    private final Map<EventId, @Nullable Payload> singles;
    private final Map<String, EventId> unsure = new HashMap<>();
    private final Map<Place, Holds.Group> taken = new LinkedHashMap<>();
    private final Map<EventId, NewEvent> events = new LinkedHashMap<>();
    private final Set<Place> left = new HashSet<>();
    private final Set<EventId> seen = new HashSet<>();
    private long letters;
    private long bytes;
    private boolean isFull;
    private @Nullable EventId from;
    private @Nullable EventId last;
    private @Nullable Problem refusal;

    /**
     * Of a bot that is barred and has no run.
     *
     * @param tails the newest events of the queues with keys that wait
     * @param singles which to take, with the payload to redrive them with, null for their own; none for all
     */
    HeldScan(BotState state, Map<String, EventId> tails, boolean purges, Map<EventId, @Nullable Payload> singles) {
        this.state = state;
        Holds holds = state.waiting();
        holds.keys().keySet().forEach(queue -> {
            EventId known = holds.dirty() == null ? holds.unsure(queue, state.read()) : tails.get(queue);
            if (known != null && !Holds.isPassed(queue, known, state.read())) {
                unsure.put(queue, known);
            }
        });
        this.purges = purges;
        this.singles = singles;
    }

    /** What somebody else has begun; the payloads that they gave don't matter any more. */
    static HeldScan again(BotState state, Map<String, EventId> tails, Holds.Bar bar) {
        Map<EventId, @Nullable Payload> singles = new HashMap<>();
        bar.singles().forEach(single -> singles.put(single, null));
        return new HeldScan(state, tails, bar.purges(), singles);
    }

    /** Before the first letter that can be open. */
    Position from() {
        EventId known = state.waiting().from();
        return known == null ? Position.BEGINNING : DeadLetterOffice.before(known);
    }

    void take(Event letter) {
        EventId eid = letter.eid();
        last = eid;
        Kept kept = Kept.of(letter);
        if (kept == null) {
            return;
        }
        boolean isOpen = kept.isOpen(state, eid);
        if (singles.containsKey(eid)) {
            seen.add(eid);
            if (!isOpen) {
                refuse(ProblemType.CONFLICT, "dead letter " + eid + " was redriven and handled, or purged, already");
            }
        }
        // What isn't passed yet may be open later.
        if (from == null && (isOpen || !Holds.isPassed(kept.queue(), kept.origin(), state.read()))) {
            from = eid;
        }
        if (isOpen) {
            open(letter, kept);
        }
    }

    private void open(Event letter, Kept kept) {
        Place place = new Place(kept.queue(), kept.key());
        EventId eid = letter.eid();
        boolean isWanted = singles.isEmpty() ? !isFull : singles.containsKey(eid);
        if (!isWanted || (singles.isEmpty() && left.contains(place))) {
            left.add(place);
        } else if (left.contains(place)) {
            refuse(
                    ProblemType.CONFLICT,
                    "dead letter " + eid
                            + " isn't the first of its key that waits; redrive or purge those before it too");
        } else if (purges) {
            taken(place, eid);
        } else {
            copy(letter, kept, place);
        }
    }

    private void copy(Event letter, Kept kept, Place place) {
        NewEvent copy = copy(letter, kept);
        long size = copy == null ? 0 : copy.encodedBound();
        isFull |= singles.isEmpty()
                && letters > 0
                && (letters >= DeadLetterOffice.MOST_LETTERS || bytes + size > DeadLetterOffice.MOST_BYTES);
        if (copy == null || isFull) {
            left.add(place);
        } else {
            bytes += size;
            events.put(letter.eid(), copy);
            taken(place, letter.eid());
        }
    }

    private void taken(Place place, EventId eid) {
        letters++;
        Holds.Group group = taken.get(place);
        taken.put(place, new Holds.Group(place.queue(), place.key(), group == null ? eid : group.first(), eid, true));
    }

    /** Null if it can't be: then it and all of its key behind it stay. */
    private @Nullable NewEvent copy(Event letter, Kept kept) {
        Payload given = singles.get(letter.eid());
        JsonNode original = letter.payload().tree().get("payload");
        if (given == null && original == null) {
            if (!singles.isEmpty()) {
                refuse(
                        ProblemType.CONFLICT,
                        "the event was too large to be kept with dead letter " + letter.eid()
                                + "; redrive it with its payload given, or purge it");
            }
            return null;
        }
        String pointer = state.registration().poisonKey();
        if (given != null
                && pointer != null
                && !HeldKeys.text(new LaneKey(pointer), given).equals(kept.key())) {
            refuse(
                    ProblemType.UNPROCESSABLE,
                    "the payload given for dead letter " + letter.eid()
                            + " has another key: its place in the order goes by that");
        }
        return DeadLetterOffice.redriven(letter, given == null ? Payload.of(original) : given);
    }

    private void refuse(ProblemType type, String detail) {
        refusal = refusal == null ? Problem.of(type, detail) : refusal;
    }

    /** All letters were shown. */
    HeldScan atTail() {
        for (EventId single : singles.keySet()) {
            if (!seen.contains(single)) {
                refuse(ProblemType.NOT_FOUND, "there is no dead letter " + single);
            }
        }
        return this;
    }

    /** Why nothing is to be done, null if something may be. */
    @Nullable
    Problem refusal() {
        return refusal;
    }

    boolean purges() {
        return purges;
    }

    /** What is to be appended, by letter. */
    Map<EventId, NewEvent> events() {
        return events;
    }

    /** How many letters were taken. */
    long letters() {
        return letters;
    }

    /** Whether keys still wait: open letters are left, or a run may have come further than it could say. */
    boolean more() {
        return !left.isEmpty() || !unsure.isEmpty();
    }

    /** What the bot is told. */
    Holds.Moved moved(@Nullable EventId end) {
        List<Holds.Group> groups = new ArrayList<>();
        taken.forEach((place, group) -> groups.add(new Holds.Group(
                group.queue(),
                group.key(),
                group.first(),
                group.last(),
                !left.contains(place) && !unsure.containsKey(group.queue()))));
        EventId start = from == null && last != null ? last.plus(1) : from;
        return new Holds.Moved(
                List.copyOf(groups), singles.isEmpty() && left.isEmpty(), end, start, Map.copyOf(unsure));
    }
}
