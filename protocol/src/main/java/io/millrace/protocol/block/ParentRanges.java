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
        ParentRange range = bySource.get(source(correlation));
        if (range == null || parent.compareTo(range.least()) < 0 || parent.isAfter(range.greatest())) {
            bySource.put(
                    source(correlation),
                    new ParentRange(
                            source(correlation),
                            range == null || parent.compareTo(range.least()) < 0 ? parent : range.least(),
                            range == null || parent.isAfter(range.greatest()) ? parent : range.greatest()));
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
