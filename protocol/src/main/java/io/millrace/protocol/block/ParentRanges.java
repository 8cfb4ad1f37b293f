package io.millrace.protocol.block;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the parent ranges of the events of one append. Parents with foreign positions (systems) have none. */
public final class ParentRanges {
    private final Map<String, ParentRange> bySource = new LinkedHashMap<>();
    private @Nullable String lastText;
    private @Nullable EventId lastId;

    /** Adds one event's correlation; null adds nothing. */
    public void add(@Nullable Correlation correlation) {
        EventId parent = correlation == null ? null : parent(correlation);
        if (correlation == null || parent == null) {
            return;
        }
        EventId first = firstOf(correlation, parent);
        ParentRange range = bySource.get(source(correlation));
        if (range == null
                || range.first().isAfter(first)
                || range.least().isAfter(parent)
                || parent.isAfter(range.greatest())) {
            ParentRange added = new ParentRange(source(correlation), first, parent, parent);
            bySource.put(added.source(), range == null ? added : range.union(added));
        }
    }

    /** The bare name of a correlation's source queue. */
    public static String source(Correlation correlation) {
        String source = correlation.source();
        return source.startsWith("queue:") ? source.substring("queue:".length()) : source;
    }

    /** The furthest parent's id, or null where it isn't an event id. */
    public static @Nullable EventId parentOf(Correlation correlation) {
        try {
            return EventId.parse(correlation.last());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The first parent's id, which is {@code last} where there is one parent only. */
    public static EventId firstOf(Correlation correlation, EventId last) {
        if (correlation.end() == null) {
            return last;
        }
        try {
            EventId first = EventId.parse(correlation.start());
            return first.isAfter(last) ? last : first;
        } catch (IllegalArgumentException e) {
            return last;
        }
    }

    private @Nullable EventId parent(Correlation correlation) {
        // One parent often has many children next to each other.
        if (!correlation.last().equals(lastText)) {
            lastText = correlation.last();
            lastId = parentOf(correlation);
        }
        return lastId;
    }

    public List<ParentRange> toList() {
        return List.copyOf(bySource.values());
    }
}
