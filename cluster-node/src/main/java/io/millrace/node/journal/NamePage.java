package io.millrace.node.journal;

import java.util.List;

/**
 * A part of the sorted names.
 *
 * @param more whether names may follow: ask again after the last one
 */
public record NamePage(List<String> names, boolean more) {
    public NamePage {
        names = List.copyOf(names);
    }
}
