package io.millrace.node.faults.history;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.millrace.protocol.EventId;

/** An event as a reader or handler saw it: its id and its payload's {@code v}. On a line: {@code [eid, value]}. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"eid", "value"})
public record Seen(EventId eid, String value) {}
