package io.millrace.load.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Events as they were read.
 *
 * @param events how many
 * @param last the last one's id, or the position that was read from if there are none
 * @param sent when each was sent, ms
 */
record Page(int events, String last, List<Long> sent) {
    private static final String ID = "\"eid\":\"";
    private static final String SENT = "\"sent\":";

    /**
     * Reads the lines of an answer.
     *
     * @param after the position that was asked for
     * @throws IllegalStateException if ids don't strictly increase from there
     */
    static Page of(String lines, String after) {
        String last = after;
        int events = 0;
        List<Long> sent = new ArrayList<>();
        for (int start = 0; start < lines.length(); ) {
            int newline = lines.indexOf('\n', start);
            int end = newline < 0 ? lines.length() : newline;
            if (end > start) {
                String id = id(lines, start, end);
                if (id.compareTo(last) <= 0) {
                    throw new IllegalStateException("out of order: " + id + " behind " + last);
                }
                last = id;
                events++;
                sent.add(sent(lines, start));
            }
            start = end + 1;
        }
        return new Page(events, last, sent);
    }

    /** When the payload in a text was sent, ms; 0 if it doesn't say. */
    static long sent(String text, int from) {
        int at = text.indexOf(SENT, from);
        long value = 0;
        for (int i = at + SENT.length(); at >= 0 && i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            value = value * 10 + Character.digit(text.charAt(i), 10);
        }
        return value;
    }

    private static String id(String lines, int start, int end) {
        int id = lines.indexOf(ID, start);
        if (id < 0 || id >= end) {
            throw new IllegalStateException("no id: " + lines.substring(start, Math.min(end, start + 100)));
        }
        return lines.substring(id + ID.length(), lines.indexOf('"', id + ID.length()));
    }
}
