package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a run of a bot began. */
public enum RunReason {
    /** Events wait in its trigger queues. */
    @JsonProperty("events")
    EVENTS,
    /** A slot of its schedule had come. */
    @JsonProperty("schedule")
    SCHEDULE,
    /** Somebody told it to. */
    @JsonProperty("run-now")
    RUN_NOW
}
