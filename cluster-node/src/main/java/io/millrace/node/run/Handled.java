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
 * @param well whether they went well; else they aren't handled at all
 */
record Handled(QueueName queue, Event last, int events, long takenAt, Map<QueueName, List<Append>> output, boolean well)
        implements Passage {
    Handled(QueueName queue, Event last, int events, long takenAt, Map<QueueName, List<Append>> output) {
        this(queue, last, events, takenAt, output, true);
    }

    Handled unhandled() {
        return new Handled(queue, last, events, takenAt, output, false);
    }

    static Handled of(Batch batch, Map<QueueName, List<Append>> output) {
        return new Handled(batch.queue(), batch.upTo(), batch.events().size(), batch.takenAt(), output);
    }
}
