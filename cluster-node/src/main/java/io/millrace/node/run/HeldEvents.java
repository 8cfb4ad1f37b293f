package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.lane.HeldKeys;
import io.millrace.protocol.lane.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run that aren't handled because their key waits behind one that is among the dead letters: they follow it
 * there, or stay there. Used by one thread at a time.
 */
final class HeldEvents {
    /** Of a bot whose keys don't wait. */
    static final HeldEvents NONE = new HeldEvents(null, null);

    private final @Nullable RunRef run;
    private final @Nullable HeldKeys keys;

    private HeldEvents(@Nullable RunRef run, @Nullable HeldKeys keys) {
        this.run = run;
        this.keys = keys;
    }

    static HeldEvents of(RunRef run, @Nullable Keys keys) {
        return keys == null ? NONE : new HeldEvents(run, new HeldKeys(keys));
    }

    /** The key of an event, null if the bot's keys don't wait. */
    @Nullable
    String key(Event event) {
        return keys == null ? null : keys.key(event);
    }

    /** The dead letter that was redriven as this event, null if none was, or if keys don't wait. */
    @Nullable
    EventId letter(Event event) {
        return keys == null ? null : keys.letter(event);
    }

    /** From now on the events of this one's key aren't handled. */
    void hold(Event event) {
        if (keys != null) {
            keys.hold(event);
        }
    }

    /** Cuts a batch where events that are handled meet those that aren't. */
    List<Batch> apart(Batch batch) {
        if (keys == null) {
            return List.of(batch);
        }
        List<Batch> parts = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= batch.events().size(); i++) {
            if (i == batch.events().size()
                    || keys.isHeld(batch.events().get(i))
                            != keys.isHeld(batch.events().get(from))) {
                parts.add(batch.from(from).upTo(i - from));
                from = i;
            }
        }
        return parts;
    }

    /** Whether no event of a part is handled. */
    boolean has(Batch part) {
        return keys != null && keys.isHeld(part.events().get(0));
    }

    /** What comes of a part of which no event is handled; null if its events are to be. */
    @Nullable
    Handled passage(Batch part) {
        HeldKeys held = keys;
        RunRef of = run;
        if (held == null || of == null || !has(part)) {
            return null;
        }
        Map<QueueName, List<Append>> output = held.isRedriving()
                ? Map.of()
                : Map.of(
                        DeadLetter.queue(of.bot()),
                        part.events().stream()
                                .map(event -> DeadLetter.append(of, event, DeadLetter.BEHIND, held.key(event)))
                                .toList());
        return Handled.of(part, output).unhandled();
    }
}
