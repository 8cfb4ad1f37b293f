package io.millrace.load.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Payloads of about {@code -Dload.payload} bytes of JSON (200): a number, when it was sent, and words that compress about as
 * well as text does. The time is what tells a reader how fresh an event is.
 */
final class Payloads {
    private static final int SIZE = Settings.number("payload", 200, 60);
    private static final int TEXTS = 512;
    private static final int FRAME = 55; // what stands around the text
    private static final int WORDS = 2_000;

    private final List<String> texts = new ArrayList<>();

    Payloads() {
        Random random = new Random(1); // the same in every run
        List<String> words = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            words.add(random.ints(3 + random.nextInt(7), 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
        }
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < SIZE - FRAME) {
                text.append(words.get(random.nextInt(WORDS))).append(' ');
            }
            text.setLength(SIZE - FRAME);
            texts.add(text.toString());
        }
    }

    /** So many, one a line. */
    String lines(int events) {
        long now = System.currentTimeMillis();
        StringBuilder lines = new StringBuilder(events * (SIZE + 1));
        for (int i = 0; i < events; i++) {
            int n = ThreadLocalRandom.current().nextInt(1_000_000_000);
            lines.append("{\"n\":")
                    .append(n)
                    .append(",\"sent\":")
                    .append(now)
                    .append(",\"text\":\"")
                    .append(texts.get(n % TEXTS))
                    .append("\"}\n");
        }
        return lines.toString();
    }
}
