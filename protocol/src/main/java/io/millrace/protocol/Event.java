package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is read from a queue. The JSON names are RStreams's.
 *
 * @param bot on the wire {@code id}: the bot that wrote it, if it named itself
 * @param queue on the wire {@code event}: the queue it stands in
 * @param eid its id
 * @param timestamp ms since the epoch when it entered this queue
 * @param sourceTimestamp on the wire {@code event_source_timestamp}: ms since the epoch when its root ancestor entered any queue
 * @param correlation on the wire {@code correlation_id}: what it was made from
 * @param trace the distributed trace that it stands in, if it was appended with one
 * @param payload any JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "event", "eid", "timestamp", "event_source_timestamp", "correlation_id", "trace", "payload"})
public record Event(
        @JsonProperty("id") @Nullable String bot,
        @JsonProperty(value = "event", required = true) String queue,
        @JsonProperty(value = "eid", required = true) EventId eid,
        @JsonProperty(value = "timestamp", required = true) long timestamp,

        @JsonProperty(value = "event_source_timestamp", required = true)
        long sourceTimestamp,

        @JsonProperty("correlation_id") @Nullable Correlation correlation,
        @JsonProperty("trace") @Nullable Trace trace,
        @JsonProperty(value = "payload", required = true) Payload payload) {

    /** One that stands in no trace. */
    public Event(
            @Nullable String bot,
            String queue,
            EventId eid,
            long timestamp,
            long sourceTimestamp,
            @Nullable Correlation correlation,
            Payload payload) {
        this(bot, queue, eid, timestamp, sourceTimestamp, correlation, null, payload);
    }

    /** A correlation that names this event as the one parent. */
    public Correlation asParent() {
        return Correlation.of(queue, eid);
    }
}
