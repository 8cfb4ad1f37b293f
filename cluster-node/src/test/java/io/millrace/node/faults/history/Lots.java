package io.millrace.node.faults.history;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** What is decided about a value once and for all, the same in every process and for the checker. */
public final class Lots {
    private static final int KEYS = 16;
    private static final int MOST_OUTPUTS = 3;

    private Lots() {}

    /** A number from 0 to below {@code bound}. */
    public static int draw(String what, String value, int bound) {
        CRC32C crc = new CRC32C();
        crc.update((what + " " + value).getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % bound);
    }

    /** Whether a bot can't handle a value before it is mended. */
    public static boolean isPoison(String bot, int oneIn, String value) {
        return oneIn > 0 && draw("poison of " + bot, value, oneIn) == 0;
    }

    /** How many outputs an event gives in a queue of {@link Pipeline.Shape#MANY}: 0 to 3. */
    public static int spread(String target, String value) {
        return draw("spread in " + target, value, MOST_OUTPUTS + 1);
    }

    /** What lanes are divided by. */
    public static String key(String value) {
        return "k" + draw("key", value, KEYS);
    }
}
