package io.millrace.node.faults.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as a full read after the faults saw it.
 *
 * @param value its payload's {@code v}
 * @param writer the bot that wrote it, if any
 * @param correlation its parents' place, if it has any
 * @param parents its payload's {@code from}: the values that the output was made of; empty for a source event
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FinalEvent(
        EventId eid,
        String value,
        @Nullable String writer,
        @Nullable Correlation correlation,
        List<String> parents) {
    /** Without parents on the line, there are none. */
    public FinalEvent {
        parents = parents == null ? List.of() : parents;
    }

    /** A source event: no bot wrote it. */
    public static FinalEvent source(EventId eid, String value) {
        return new FinalEvent(eid, value, null, null, List.of());
    }
}
