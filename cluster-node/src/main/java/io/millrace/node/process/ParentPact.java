package io.millrace.node.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** The child's half of the death pact of {@link ChildJvm}: ends this process, in order, when its parent is gone. */
public final class ParentPact {

    // What stops a child in order ends its input and sends SIGTERM; whichever comes first.
    private static final int EXIT_SIGTERM = 143;

    private ParentPact() {}

    /**
     * From now on the end of {@code parent} ends this process as SIGTERM would, and Ctrl-C in the terminal, which every
     * process of its group gets, is left to the parent: it stops its children one after the other.
     *
     * @param limit how long the order may take; then the process ends at once
     */
    public static void keep(InputStream parent, Duration limit) {
        ignoreTerminal();
        daemon("parent-watch", () -> {
            awaitEnd(parent);
            daemon("end-limit", () -> haltAfter(limit));
            System.exit(EXIT_SIGTERM);
        });
    }

    private static void awaitEnd(InputStream parent) {
        try {
            while (parent.read() != -1) {
                // Nothing is ever sent; whatever came would mean that the parent lives.
            }
        } catch (IOException gone) {
            // A broken pipe tells the same as its end.
        }
    }

    private static void haltAfter(Duration limit) {
        try {
            Thread.sleep(limit.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void ignoreTerminal() {
        try {
            // By name: javac warns at every mention of these two, and the warning can't be suppressed.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ignore = handler.getField("SIG_IGN").get(null);
            for (String name : new String[] {"INT", "HUP"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), ignore);
            }
        } catch (ReflectiveOperationException unsupported) {
            System.err.println("signals of the terminal reach this process too: " + unsupported);
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
