package io.millrace.protocol.lane;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose events a run isn't to handle, as it is granted and as it finds out itself. Used by one thread at a time. */
public final class HeldKeys {
    /** Bytes of UTF-8 that a key is shown as it is with; a longer one is its digest. */
    public static final int MOST_BYTES = 48;

    private static final int DIGEST_BYTES = 16;

    private final LaneKey key;
    private final boolean redriving;
    private final Map<String, Set<String>> held = new HashMap<>();

    /**
     * As a run is granted.
     *
     * @throws IllegalArgumentException if the pointer is none
     */
    public HeldKeys(Keys keys) {
        key = new LaneKey(keys.pointer());
        redriving = keys.redriving();
        keys.held().forEach((queue, names) -> held.put(queue, new HashSet<>(names)));
    }

    /** The key of a payload as a text of at most {@link #MOST_BYTES} bytes; one without the value has {@code null}. */
    public static String text(LaneKey key, Payload payload) {
        String text = key.text(payload);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MOST_BYTES) {
            return text;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "sha256:" + HexFormat.of().formatHex(Arrays.copyOf(digest, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    /** An event's key. */
    public String key(Event event) {
        return text(key, event.payload());
    }

    /** The dead letter that was redriven as this event, if the run reads what was. */
    public @Nullable EventId letter(Event event) {
        Correlation parent = event.correlation();
        try {
            return redriving && parent != null ? EventId.parse(parent.start()) : null;
        } catch (IllegalArgumentException e) {
            return null; // somebody has put it there by hand
        }
    }

    /** Whether an event isn't to be handled. */
    public boolean isHeld(Event event) {
        Set<String> keys = held.get(event.queue());
        return keys != null && !keys.isEmpty() && keys.contains(key(event));
    }

    /** From now on the events of this one's key aren't to be handled. */
    public void hold(Event event) {
        held.computeIfAbsent(event.queue(), queue -> new HashSet<>()).add(key(event));
    }

    /** Whether what isn't to be handled is passed; else it goes to the dead letters. */
    public boolean isRedriving() {
        return redriving;
    }
}
