package io.millrace.node.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Checks of settings, with messages that name the key. */
final class Require {
    private static final long MOST_SECRET = 4_096;

    private Require() {}

    static void between(String key, long value, long least, long greatest) {
        if (value < least || value > greatest) {
            throw new IllegalArgumentException(key + " must be " + least + " to " + greatest + ", not " + value);
        }
    }

    static void positive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + " must be more than nothing, not " + value);
        }
    }

    /** The one line of a file, without its end; what is in it is never told. */
    static String secret(String key, Path file) {
        try {
            String text =
                    Files.size(file) > MOST_SECRET ? "" : Files.readString(file).stripTrailing();
            if (text.isEmpty() || text.lines().count() != 1) {
                throw new IllegalArgumentException(key + " must be a file with one line, not " + file);
            }
            return text;
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    key + " must be a text file that this process may read, not " + file, unreadable);
        }
    }
}
