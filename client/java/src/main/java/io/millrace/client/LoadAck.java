package io.millrace.client;

import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import org.jspecify.annotations.Nullable;

/**
 * A batch of a loader is durable and readable.
 *
 * @param queue where it went
 * @param sequence the number of the request under the loader's producer name
 * @param from how many events the loader had put into this queue before the batch
 * @param events how many the batch has; the one added as number {@code from + i} (from 0) has the id {@code first.plus(i)}
 * @param first the first one's id
 */
public record LoadAck(
        QueueName queue,
        long sequence,
        long from,
        int events,
        @Nullable EventId first) {}
