package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of a bot's dead letters, by their ids in their queue.
 *
 * @param upTo all at or before this one, null for none but the singles
 * @param singles these besides
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Letters(@Nullable Position upTo, List<EventId> singles) {
    static Letters upTo(EventId last) {
        return new Letters(Position.of(last), List.of());
    }

    static Letters of(List<EventId> eids) {
        return new Letters(null, List.copyOf(eids));
    }
}
