package io.millrace.node.faults.bus;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes, by id. */
public final class Signals {
    private Signals() {}

    /**
     * Sends one.
     *
     * @param signal as {@code kill} names it, without SIG
     */
    public static void send(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
