package io.millrace.node.security;

import io.millrace.node.application.Audit;
import io.millrace.node.application.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the record to the logger {@code millrace.audit}, a line for each call: {@code key="value"}, with all that could end a line
 * or a value escaped, and long values cut. Of refusals, which anybody can have as many of as he likes, only some are written
 * line by line; the others are counted.
 */
final class AuditLog implements Audit {
    static final String LOGGER = "millrace.audit";

    /** Refusals written one by one in each {@link #WINDOW_MILLIS}. */
    static final int REFUSALS = 50;

    static final long WINDOW_MILLIS = 10_000;

    private static final int LONGEST = 300;
    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private final Ticker ticker;
    private long windowBegan;
    private int written;
    private long unauthenticated;
    private long forbidden;

    AuditLog(Ticker ticker) {
        this.ticker = ticker;
        this.windowBegan = ticker.millis();
    }

    @Override
    public void note(Note note) {
        if (note.isRefusal() && !mayWrite(note)) {
            return;
        }
        LOG.info(
                "caller={} action={} target={} result={} remote={}",
                quoted(note.caller()),
                quoted(note.action()),
                quoted(note.target()),
                note.status(),
                quoted(note.remote()));
    }

    private synchronized boolean mayWrite(Note note) {
        tick();
        if (written < REFUSALS) {
            written++;
            return true;
        }
        if (note.status() == 401) {
            unauthenticated++;
        } else {
            forbidden++;
        }
        return false;
    }

    /** To be called now and then: sums up what wasn't written, once its time is over. */
    synchronized void tick() {
        long now = ticker.millis();
        if (now - windowBegan < WINDOW_MILLIS) {
            return;
        }
        if (unauthenticated + forbidden > 0) {
            LOG.info(
                    "not written one by one: unauthenticated={} forbidden={} seconds={}",
                    unauthenticated,
                    forbidden,
                    (now - windowBegan) / 1_000);
        }
        windowBegan = now;
        written = 0;
        unauthenticated = 0;
        forbidden = 0;
    }

    static String quoted(String text) {
        StringBuilder line = new StringBuilder(text.length() + 2).append('"');
        int length = Math.min(text.length(), LONGEST);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                line.append(c);
            } else {
                line.append(String.format("\\u%04x", (int) c));
            }
        }
        return line.append(length < text.length() ? "...\"" : "\"").toString();
    }
}
