package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user sets of a queue ({@code PUT /v1/queues/{queue}}); a field left out keeps its value.
 *
 * @param description for people, at most 2000 characters
 * @param owner for people, at most 200 characters
 * @param tags at most 50 of at most 100 characters
 * @param paused whether bots that read it rest
 * @param retention how long events are kept
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueueConfig(
        @Nullable String description,
        @Nullable String owner,
        @Nullable List<String> tags,
        @Nullable Boolean paused,
        @Nullable Retention retention) {

    /** Nothing set. */
    public static final QueueConfig NONE = new QueueConfig(null, null, null, null, null);

    /**
     * What is kept; whichever limit is reached first.
     *
     * @param maxAge events older than this may go
     * @param maxBytes stored bytes beyond this may go, oldest first
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Retention(
            @Nullable Duration maxAge, @Nullable Long maxBytes) {}
}
