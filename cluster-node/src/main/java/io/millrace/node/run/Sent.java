package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Append.Follows;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.ParentRange;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Up to where the output of a source has been sent to each queue. Confined to the run's stream. */
final class Sent {
    private record Way(String source, QueueName queue) {}

    private final Map<Way, Follows> last = new HashMap<>();

    /** Notes an append, and gives what was sent before it. */
    @Nullable
    Follows last(QueueName queue, Append append) {
        Follows before = null;
        // What a handler emits for a batch goes back to the one queue that the batch is of.
        for (ParentRange range : append.parents()) {
            before = last.put(new Way(range.source(), queue), new Follows(range.source(), range.greatest()));
        }
        return before;
    }

    void clear() {
        last.clear();
    }
}
