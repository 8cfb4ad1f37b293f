package io.millrace.node.webhook;

import java.nio.charset.StandardCharsets;

/** The beginning of what a webhook says, fit to be shown. */
final class Excerpt {
    private static final int MAX_BYTES = 500;

    private Excerpt() {}

    /** With a colon before it; empty if it says nothing. */
    static String of(Answer answer) {
        String text = answer.body()
                .take(MAX_BYTES)
                .decodeString(StandardCharsets.UTF_8)
                .replaceAll("[\\p{Cntrl}\\p{Cf}\uFFFD]+", " ")
                .strip();
        return text.isEmpty() ? "" : ": " + text;
    }
}
