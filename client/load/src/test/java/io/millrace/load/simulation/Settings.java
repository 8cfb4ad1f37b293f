package io.millrace.load.simulation;

import java.time.Duration;

/**
 * The numbers that a simulation is run with: system properties that begin with {@code load.}, each with a default that a
 * machine of two cores carries beside the load itself.
 */
final class Settings {
    private static final String PREFIX = "load.";

    private Settings() {}

    /**
     * A whole number.
     *
     * @throws IllegalArgumentException naming the property if it isn't one, or is less than {@code least}
     */
    static int number(String name, int standard, int least) {
        String text = System.getProperty(PREFIX + name);
        if (text == null || text.isBlank()) {
            return standard;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // told below
        }
        throw new IllegalArgumentException(
                "-D" + PREFIX + name + "=" + text + ": a whole number from " + least + " up is needed");
    }

    /** A whole number from 1 up. */
    static int number(String name, int standard) {
        return number(name, standard, 1);
    }

    /** Seconds, from 1 up. */
    static Duration seconds(String name, int standard) {
        return Duration.ofSeconds(number(name, standard));
    }
}
