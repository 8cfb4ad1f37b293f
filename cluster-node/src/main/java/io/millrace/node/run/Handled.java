package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.protocol.Event;
import io.millrace.protocol.QueueName;
import java.util.List;
import java.util.Map;

/**
 * Events of one queue that are through the handler, and what they gave.
 *
 * @param queue where they stand
 * @param last the last of them
 * @param events how many
 * @param takenAt ms since the epoch when they were read
 * @param output what is to be appended, by queue, in order
 */
record Handled(QueueName queue, Event last, int events, long takenAt, Map<QueueName, List<Append>> output)
        implements Passage {
    static Handled of(Batch batch, Map<QueueName, List<Append>> output) {
        return new Handled(batch.queue(), batch.last(), batch.events().size(), batch.takenAt(), output);
    }
}
