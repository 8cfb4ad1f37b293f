package io.millrace.node.queue;

import io.millrace.node.cluster.Moves;
import io.millrace.protocol.EventId;
import java.util.List;

/** Writes down what a queue notes for the sweeper; the sweep before its time was never. */
class Notes implements Moves {
    private final List<String> noted;

    Notes(List<String> noted) {
        this.noted = noted;
    }

    @Override
    public void moved(String queue, EventId last, String bot) {
        noted.add("moved " + bot);
    }

    @Override
    public void settled(String queue, String bot) {
        noted.add("settled " + bot);
    }

    @Override
    public boolean isSwept(EventId last) {
        return false;
    }
}
