package io.millrace.cassandra;

/**
 * Leaves Ctrl-C and the closing of the terminal to the parent.
 *
 * <p>A terminal sends both to every process of the group at once; a database that drained on its own then would be
 * gone while the node still needs it to stop in order.
 */
final class TerminalSignals {

    private TerminalSignals() {}

    /** Ignores SIGINT and SIGHUP where the JVM can; elsewhere nothing is lost but the order of stopping. */
    static void ignore() {
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
            System.err.println("signals of the terminal reach Cassandra too: " + unsupported);
        }
    }
}
