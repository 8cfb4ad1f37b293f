package io.millrace.node.faults.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Signals to processes, by id. */
public final class Signals {
    private Signals() {}

    /** Asks a process to end (SIGTERM). */
    public static void terminate(long pid) {
        run("kill", "-TERM", Long.toString(pid));
    }

    /**
     * Stops a process for so long (SIGSTOP, SIGCONT), and returns when it goes on. A process of its own sees to that, so
     * that nobody stays stopped for ever when this JVM is killed meanwhile.
     */
    public static void pause(long pid, long millis) {
        run(
                "sh",
                "-c",
                String.format(Locale.ROOT, "kill -STOP %d; sleep %.3f; kill -CONT %d", pid, millis / 1_000.0, pid));
    }

    private static void run(String... command) {
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
