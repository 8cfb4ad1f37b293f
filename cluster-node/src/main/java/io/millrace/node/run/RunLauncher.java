package io.millrace.node.run;

import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.http.HandlerSpec;
import java.util.List;

/** Starts runs on this node. */
public interface RunLauncher {
    /** Whether this node has a handler of this class. */
    boolean knows(String handlerClass);

    /**
     * What keeps a handler from working: with pointers from {@code /handler} on.
     *
     * @param triggers the queues that the bot reads
     */
    default List<InputError> check(HandlerSpec handler, List<String> triggers) {
        return List.of();
    }

    /** Starts a run; how it ends is told to the bot through {@link io.millrace.node.application.Bots#complete}. */
    RunHandle launch(RunOrder order);
}
