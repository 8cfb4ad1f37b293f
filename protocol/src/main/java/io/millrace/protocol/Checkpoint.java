package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;

/**
 * How far a bot has come in a queue, in one direction.
 *
 * @param checkpoint the id of the last event read or written, or a prefix that an administrator set
 * @param records events since the first
 * @param sourceTimestamp ms: the source timestamp of that last event
 * @param startedTimestamp ms: when the first event since the last checkpoint was taken
 * @param endedTimestamp ms: when the last one was done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Checkpoint(
        @JsonProperty(value = "checkpoint", required = true) @JsonSetter(nulls = Nulls.FAIL)
        Position checkpoint,

        @JsonProperty("records") long records,
        @JsonProperty("source_timestamp") @Nullable Long sourceTimestamp,
        @JsonProperty("started_timestamp") @Nullable Long startedTimestamp,
        @JsonProperty("ended_timestamp") @Nullable Long endedTimestamp) {}
