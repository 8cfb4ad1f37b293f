package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Checkpoint;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a bot's queues know of it.
 *
 * @param waiting by queue that it reads; a queue that gave no answer is missing
 * @param written its write checkpoints, by queue
 * @param writtenIsWhole whether all queues that it writes to have answered
 */
record BotFacts(Map<String, Waiting> waiting, Map<String, Checkpoint> written, boolean writtenIsWhole) {
    /**
     * What waits for it in a queue.
     *
     * @param events how many
     * @param since ms since the epoch: the source timestamp of what it read last, or of the oldest event that waits where it
     *     read nothing yet; null if neither is known, or nothing waits
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Waiting(long events, @Nullable Long since) {}

    /** How many events wait, where any do. */
    Map<String, Long> backlog() {
        Map<String, Long> backlog = new TreeMap<>();
        waiting.forEach((queue, waits) -> {
            if (waits.events() > 0) {
                backlog.put(queue, waits.events());
            }
        });
        return backlog;
    }
}
