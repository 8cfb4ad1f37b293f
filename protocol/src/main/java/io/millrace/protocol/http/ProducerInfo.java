package io.millrace.protocol.http;

import io.millrace.protocol.EventId;
import org.jspecify.annotations.Nullable;

/**
 * How far a producer's appends to a queue have come.
 *
 * @param producer its name
 * @param sequence the last sequence that was taken
 * @param first the first event of that append; absent when none was left of it
 * @param last the last event of that append
 */
@com.fasterxml.jackson.annotation.JsonInclude(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL)
public record ProducerInfo(
        String producer,
        long sequence,
        @Nullable EventId first,
        @Nullable EventId last) {}
