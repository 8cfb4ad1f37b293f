package io.millrace.node.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.json.Json;
import io.millrace.protocol.lane.Lane;
import io.millrace.protocol.pace.Ramp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run to be done on this node.
 *
 * @param ref the run; its deadline is when the lease ends
 * @param readUntil when to stop reading
 * @param triggers the queues to read; none if the handler is to be called once without events
 * @param checkpoints where to go on, by queue
 * @param batch the registration's limits of a batch
 * @param handler what to do
 * @param because why it began
 * @param slot the slot of the schedule that it began for, if it did
 * @param caution what has failed before
 * @param rate how fast to read at most, from its beginning on; null for no limit
 * @param lane which events are its to handle, null for all
 * @param writes the queues that it may write beside its dead letters; null: any
 */
public record RunOrder(
        RunRef ref,
        Instant readUntil,
        List<String> triggers,
        Map<String, Checkpoint> checkpoints,
        BotConfig.@Nullable Batch batch,
        HandlerSpec handler,
        RunReason because,
        @Nullable Instant slot,
        Caution caution,
        @Nullable Ramp rate,
        @Nullable Lane lane,
        @Nullable List<String> writes) {
    RunOrder withBatch(BotConfig.@Nullable Batch other) {
        return new RunOrder(
                ref, readUntil, triggers, checkpoints, other, handler, because, slot, caution, rate, lane, writes);
    }

    RunOrder writingAny() {
        return new RunOrder(
                ref, readUntil, triggers, checkpoints, batch, handler, because, slot, caution, rate, lane, null);
    }

    boolean mayWrite(QueueName queue) {
        return writes == null || writes.contains(queue.value()) || queue.equals(DeadLetter.queue(ref.owner()));
    }

    /** What the handler is given from its registration, an object. */
    JsonNode settings() {
        return handler instanceof HandlerSpec.Java java
                ? JavaHandlers.settings(java)
                : Json.mapper().createObjectNode();
    }
}
