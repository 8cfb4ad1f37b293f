package io.millrace.load.bench;

import io.millrace.load.handler.Forward;

/** The way of {@link EndToEnd} that leads through one bot into the next queue. */
final class Hop implements EndToEnd.Route {
    private final Stage stage;
    private final boolean onNode;

    private Hop(Stage stage, boolean onNode) {
        this.stage = stage;
        this.onNode = onNode;
    }

    /** The workload, its bot on the node or a worker in this process. */
    static EndToEnd workload(Stage stage, boolean onNode) {
        return new EndToEnd(stage, onNode ? "W3-hop-java" : "W3-hop", new Hop(stage, onNode));
    }

    @Override
    public Way open(String queue) {
        String to = queue + "-out";
        stage.millrace().queues().create(to);
        OneBot bot = OneBot.start(stage.millrace(), queue + "-bot", queue, to, Forward.class, onNode);
        return new Way() {
            @Override
            public String end() {
                return to;
            }

            @Override
            public void close() {
                bot.close();
                stage.purge(to);
            }
        };
    }
}
