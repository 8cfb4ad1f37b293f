package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.http.RunProtocol;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a bot knows of events that fail: ids and counts, never payloads. Pure.
 *
 * @param suspects by queue, at most one in each: it bars the way
 * @param deadLettered events that went to the dead letters since the bot was registered
 * @param skipped events that were passed without being handled
 * @param recordsAtVerdict of the run under way, when it last disposed of an event that just kept failing; null if it didn't
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Poison(
        Map<String, Suspect> suspects,
        long deadLettered,
        long skipped,
        @Nullable Long recordsAtVerdict) {
    static final Poison NONE = new Poison(Map.of(), 0, 0, null);

    @JsonIgnore
    boolean isNone() {
        return equals(NONE);
    }

    Poison with(String queue, Suspect suspect, @Nullable Long records) {
        Map<String, Suspect> next = new HashMap<>(suspects);
        next.put(queue, suspect);
        return new Poison(Map.copyOf(next), deadLettered, skipped, records == null ? recordsAtVerdict : records);
    }

    /** Whoever lies at or before the checkpoint is passed. */
    Poison passed(Map<String, Checkpoint> read) {
        if (suspects.isEmpty()) {
            return this;
        }
        Map<String, Suspect> left = new HashMap<>(suspects);
        long dead = deadLettered;
        long past = skipped;
        for (Map.Entry<String, Checkpoint> entry : read.entrySet()) {
            Suspect suspect = left.get(entry.getKey());
            if (suspect != null && !entry.getValue().checkpoint().isBefore(suspect.eid())) {
                left.remove(entry.getKey());
                dead += suspect.verdict() == RunProtocol.Action.DEAD_LETTER ? 1 : 0;
                past += suspect.verdict() == RunProtocol.Action.SKIP ? 1 : 0;
            }
        }
        return new Poison(Map.copyOf(left), dead, past, recordsAtVerdict);
    }

    /** An administrator has moved a checkpoint: whatever comes next there is no suspect. */
    Poison forget(String queue) {
        Map<String, Suspect> left = new HashMap<>(suspects);
        left.remove(queue);
        return new Poison(Map.copyOf(left), deadLettered, skipped, recordsAtVerdict);
    }

    Poison resumed() {
        Map<String, Suspect> next = new HashMap<>();
        suspects.forEach((queue, suspect) -> next.put(queue, suspect.resumed()));
        return new Poison(Map.copyOf(next), deadLettered, skipped, recordsAtVerdict);
    }

    Poison runEnded() {
        return recordsAtVerdict == null ? this : new Poison(suspects, deadLettered, skipped, null);
    }

    /**
     * Whether a run of so many records has done nothing but dispose of events: that is no success, and where everything fails
     * it is not the events that are poison.
     */
    boolean hasOnlyDisposed(long records) {
        return recordsAtVerdict != null && records <= recordsAtVerdict + 1;
    }
}
