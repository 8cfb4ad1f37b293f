package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue as it stands.
 *
 * @param queue its name
 * @param events events that can be read
 * @param bytes bytes as stored, compressed
 * @param first the oldest event
 * @param last the newest event
 * @param createdAt when it was made
 * @param lastWriteAt when the newest event entered
 * @param paused whether bots that read it rest
 * @param archived whether it was archived: it takes no events
 * @param readers the bots that it triggers
 * @param writers the bots that wrote to it, the most recent first, at most 1000
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueueInfo(
        String queue,
        @Nullable String description,
        @Nullable String owner,
        @Nullable List<String> tags,
        QueueConfig.@Nullable Retention retention,
        long events,
        long bytes,
        @Nullable EventId first,
        @Nullable EventId last,
        Instant createdAt,
        @Nullable Instant lastWriteAt,
        boolean paused,
        boolean archived,
        List<String> readers,
        List<Writer> writers) {

    /**
     * A bot that wrote here, and its write checkpoint.
     *
     * @param bot its name
     * @param checkpoint the last event it wrote
     */
    public record Writer(String bot, Checkpoint checkpoint) {}
}
