package io.millrace.node.settings;

import java.time.Duration;

/** Checks of settings, with messages that name the key. */
final class Require {
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
}
