package io.millrace.node.queue;

import java.util.List;

/** Writes down what a queue says to bots. */
record Signals(List<String> said) implements BotSignals {
    @Override
    public void wake(String bot, String queue) {
        said.add("wake " + bot);
    }

    @Override
    public void wrote(String bot, String queue) {
        said.add("wrote " + bot);
    }

    @Override
    public void fenced(String bot, String queue, long epoch) {
        said.add("fenced " + bot + " " + epoch);
    }

    @Override
    public void asleep(String bot, String queue) {
        said.add("asleep " + bot);
    }
}
