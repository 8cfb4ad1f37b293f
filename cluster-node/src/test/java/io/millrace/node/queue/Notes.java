package io.millrace.node.queue;

import io.millrace.node.cluster.Moves;
import io.millrace.protocol.EventId;
import java.util.List;

/** Writes down what a queue notes for the sweeper. */
record Notes(List<String> noted) implements Moves {
    @Override
    public void moved(String queue, EventId last, String bot) {
        noted.add("moved " + bot);
    }

    @Override
    public void settled(String queue, String bot) {
        noted.add("settled " + bot);
    }
}
