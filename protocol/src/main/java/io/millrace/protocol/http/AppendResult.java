package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.EventId;
import org.jspecify.annotations.Nullable;

/**
 * What an append did.
 *
 * @param queue the queue
 * @param events how many events it took now
 * @param first the first of them; absent when all were dropped as repetitions
 * @param last the last of them
 * @param repeated how many events were dropped because an earlier run of the bot had written their source's output
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AppendResult(
        String queue,
        int events,
        @Nullable EventId first,
        @Nullable EventId last,
        int repeated) {}
