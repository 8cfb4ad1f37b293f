package io.millrace.load;

import io.millrace.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Events of a fixed number of bytes of JSON that tell their number first, for 200 bytes to the letter those of every system
 * that is compared: {@code {"orderId":7,"customer":"c-7","amount":0.17,"status":"PAID","note":"..."}}, the note filling up.
 * Events too small for that are bare numbers.
 */
public final class Events {
    /** The size that everything is compared at. */
    public static final int SIZE = 200;

    /** The smallest size of an order; below it events are numbers. */
    static final int LEAST_ORDER = 140;

    /** The smallest size of all, a number of ten digits. */
    static final int LEAST = 10;

    private static final long TEN_DIGITS = 1_000_000_000L;
    private static final byte[] ID = ascii("{\"orderId\":");
    private static final byte[] CUSTOMER = ascii(",\"customer\":\"c-");
    private static final byte[] AMOUNT = ascii("\",\"amount\":");
    private static final byte[] STATUS = ascii(",\"status\":\"PAID\",\"note\":\"");
    private static final int NOISE = 32 << 20;

    /** What the notes are made of. */
    public enum Note {
        /** All x: compresses to almost nothing. */
        PADDED,
        /** Words and numbers: compresses about threefold. */
        REALISTIC,
        /** Letters by chance: compresses twofold at best in a note, by a quarter in all. */
        RANDOM
    }

    private final Note note;
    private final int size;
    private final byte[] pad;
    private final ThreadLocal<byte[]> buffers;

    private Events(Note note, int size, byte[] pad) {
        this.note = note;
        this.size = size;
        this.pad = pad;
        this.buffers = ThreadLocal.withInitial(() -> new byte[size]);
    }

    /** Events of {@link #SIZE}. */
    public static Events of(Note note) {
        return of(note, SIZE);
    }

    /**
     * Events of another size.
     *
     * @param size bytes, 10 or 140 to 4 Mi
     */
    public static Events of(Note note, int size) {
        if (size != LEAST && (size < LEAST_ORDER || size > 4 << 20)) {
            throw new IllegalArgumentException("events have 10 bytes, or 140 to 4 Mi");
        }
        byte[] pad = switch (note) {
            case PADDED -> filled(size);
            case REALISTIC -> words(new Random(7));
            case RANDOM -> letters(new Random(7));
        };
        return new Events(note, size, pad);
    }

    /** What their notes are made of. */
    public Note note() {
        return note;
    }

    /** Bytes of each. */
    public int size() {
        return size;
    }

    private static byte[] filled(int size) {
        byte[] pad = new byte[size];
        Arrays.fill(pad, (byte) 'x');
        return pad;
    }

    private static byte[] letters(Random random) {
        byte[] alphabet = ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
        byte[] pad = new byte[NOISE];
        for (int i = 0; i < pad.length; i++) {
            pad[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return pad;
    }

    private static byte[] words(Random random) {
        byte[][] words = new byte[2_000][];
        for (int i = 0; i < words.length; i++) {
            StringBuilder word = new StringBuilder();
            for (int syllables = 2 + random.nextInt(3); syllables > 0; syllables--) {
                word.append("bcdfghlmnprst".charAt(random.nextInt(13))).append("aeiou".charAt(random.nextInt(5)));
            }
            words[i] = ascii(word.toString());
        }
        byte[] pad = new byte[NOISE];
        for (int at = 0; at < pad.length; ) {
            byte[] word = random.nextInt(6) == 0
                    ? ascii(Integer.toString(random.nextInt(100_000)))
                    : words[(int) (words.length * Math.pow(random.nextDouble(), 3))];
            int length = Math.min(word.length, pad.length - at);
            System.arraycopy(word, 0, pad, at, length);
            at += length;
            if (at < pad.length) {
                pad[at++] = ' ';
            }
        }
        return pad;
    }

    /** The event of this number, from 0. */
    public Payload event(long id) {
        byte[] json = new byte[size];
        if (size == LEAST) {
            put(json, 0, TEN_DIGITS + id);
            return Payload.ofJson(json);
        }
        int at = put(json, 0, ID);
        at = put(json, at, id);
        at = put(json, at, CUSTOMER);
        at = put(json, at, id % 1_000);
        at = put(json, at, AMOUNT);
        at = put(json, at, id % 10_000 / 100);
        json[at++] = '.';
        at = put(json, at, 10 + id % 90);
        at = put(json, at, STATUS);
        int from = pad.length == size ? 0 : (int) (((id * 0x9E3779B97F4A7C15L) >>> 33) % (pad.length - size));
        System.arraycopy(pad, from, json, at, size - at - 2);
        json[size - 2] = '"';
        json[size - 1] = '}';
        return Payload.ofJson(json);
    }

    /**
     * The number of an event, without parsing it.
     *
     * @throws IllegalStateException if it isn't one of these
     */
    public long id(Payload payload) {
        if (payload.length() != size) {
            throw new IllegalStateException("an event of " + payload.length() + " bytes is none of ours");
        }
        byte[] json = buffers.get();
        payload.copyTo(json, 0);
        return size == LEAST ? number(json, 0) - TEN_DIGITS : number(json, ID.length);
    }

    private static long number(byte[] json, int from) {
        long number = 0;
        for (int i = from; i < json.length && json[i] >= '0' && json[i] <= '9'; i++) {
            number = number * 10 + json[i] - '0';
        }
        return number;
    }

    private static int put(byte[] target, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, target, at, bytes.length);
        return at + bytes.length;
    }

    private static int put(byte[] target, int at, long number) {
        int end = at + 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
