package io.millrace.node.faults.history;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an operation ended, as its client knows it. */
public enum Outcome {
    /** It was done, and acknowledged. */
    @JsonProperty("ok")
    OK,

    /** It was refused: certainly not done, now or later. */
    @JsonProperty("fail")
    FAIL,

    /** No answer, a lost connection, a time-out: done, not done, or to be done yet. */
    @JsonProperty("unknown")
    UNKNOWN
}
