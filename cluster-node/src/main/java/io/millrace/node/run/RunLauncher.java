package io.millrace.node.run;

/** Starts runs on this node. */
public interface RunLauncher {
    /** Whether this node has a handler of this class. */
    boolean knows(String handlerClass);

    /** Starts a run; how it ends is told to the bot through {@link io.millrace.node.application.Bots#complete}. */
    RunHandle launch(RunOrder order);
}
