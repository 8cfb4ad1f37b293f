package io.millrace.node.faults.history;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Appends operations to a file of one process, from any thread. Each line is one unbuffered write, so that a kill -9
 * of the process tears at most the last one; the machine itself isn't expected to fail.
 */
public final class History implements AutoCloseable {
    private final OutputStream file;

    private History(OutputStream file) {
        this.file = file;
    }

    /**
     * Opens a file to append to, made with its directory if need be. A torn last line of a process before is ended.
     *
     * @param process a name for the file that no other living process uses
     */
    public static History open(Path directory, String process) {
        try {
            Files.createDirectories(directory);
            Path path = directory.resolve(process + HistoryFiles.SUFFIX);
            boolean started = Files.exists(path) && Files.size(path) > 0;
            OutputStream file = new FileOutputStream(path.toFile(), true);
            if (started) {
                file.write(HistoryFiles.BEGUN_ANEW);
            }
            return new History(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** When this returns the operation outlives the process. */
    public void write(Operation operation) {
        byte[] line = Lines.write(operation);
        try {
            synchronized (this) {
                file.write(line);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
