package io.millrace.node.faults.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The lines of a file, one at a time and without copies: gigabytes pass through here. */
final class LineInput implements AutoCloseable {
    private final InputStream in;
    private byte[] buffer = new byte[256 * 1024];
    private int filled;
    private int start;
    private int end = -1;

    LineInput(Path file) throws IOException {
        this.in = Files.newInputStream(file);
    }

    /** Goes to the next line; the last one may lack its line feed. False at the end of the file. */
    boolean next() throws IOException {
        start = end + 1;
        int at = start;
        while (true) {
            for (; at < filled; at++) {
                if (buffer[at] == '\n') {
                    end = at;
                    return true;
                }
            }
            at -= start;
            if (!fill()) {
                end = filled;
                return filled > start;
            }
        }
    }

    /** Moves the begun line to the buffer's beginning and reads on behind it. */
    private boolean fill() throws IOException {
        int begun = Math.max(0, filled - start);
        if (start == 0 && begun == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        } else if (begun > 0) {
            System.arraycopy(buffer, start, buffer, 0, begun);
        }
        start = 0;
        filled = begun;
        int read = in.read(buffer, begun, buffer.length - begun);
        filled += Math.max(0, read);
        return read > 0;
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
