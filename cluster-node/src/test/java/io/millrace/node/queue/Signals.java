package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import java.util.List;
import java.util.Map;

/** Writes down what a queue says to bots. */
record Signals(List<String> said) implements BotSignals {
    @Override
    public void wake(String bot, String queue) {
        said.add("wake " + bot);
    }

    @Override
    public void held(String bot, String queue) {
        said.add("held " + bot);
    }

    @Override
    public void look(String bot, String queue, EventId last) {
        said.add("look " + bot + " " + last);
    }

    @Override
    public void wrote(String bot, String queue) {
        said.add("wrote " + bot);
    }

    @Override
    public void fenced(String bot, String queue, long epoch, Map<String, EventId> marks) {
        said.add("fenced " + bot + " " + epoch);
    }

    @Override
    public void asleep(String bot, String queue) {
        said.add("asleep " + bot);
    }
}
