package io.millrace.node.faults.bus;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a fault run did and saw, with the seconds since its start: on the terminal and in {@code timeline.txt}. */
public final class Timeline implements AutoCloseable {
    private final long start = System.nanoTime();
    private final PrintWriter file;

    public Timeline(Path directory) {
        try {
            file = new PrintWriter(Files.newBufferedWriter(directory.resolve("timeline.txt")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public synchronized void say(String what) {
        String line = String.format(Locale.ROOT, "%7.2f %s", (System.nanoTime() - start) / 1e9, what);
        System.out.println(line);
        file.println(line);
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }
}
