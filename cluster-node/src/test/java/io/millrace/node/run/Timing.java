package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes when it was called, in ns of this JVM. */
public final class Timing implements EventHandler {
    public static final List<Long> CALLED = new CopyOnWriteArrayList<>();

    @Override
    public void handle(Event event, Emitter out) {
        CALLED.add(System.nanoTime());
    }
}
