package io.millrace.load;

import io.millrace.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Events of exactly 200 bytes of JSON that tell their number first, the same shape for every system that is compared:
 * {@code {"orderId":7,"customer":"c-7","amount":0.17,"status":"PAID","note":"..."}}, the note filling up.
 */
final class Events {
    static final int SIZE = 200;

    private static final byte[] ID = ascii("{\"orderId\":");
    private static final byte[] CUSTOMER = ascii(",\"customer\":\"c-");
    private static final byte[] AMOUNT = ascii("\",\"amount\":");
    private static final byte[] STATUS = ascii(",\"status\":\"PAID\",\"note\":\"");
    private static final int NOISE = 32 << 20;

    /** What the notes are made of. */
    enum Note {
        /** All x: compresses to almost nothing. */
        PADDED,
        /** Words and numbers: compresses about threefold. */
        REALISTIC,
        /** Letters by chance: compresses by a quarter at best. */
        RANDOM
    }

    private final byte[] pad;

    Events(Note note) {
        pad = switch (note) {
            case PADDED -> filled();
            case REALISTIC -> words(new Random(7));
            case RANDOM -> letters(new Random(7));
        };
    }

    private static byte[] filled() {
        byte[] pad = new byte[SIZE];
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

    /** The event of this number. */
    Payload event(long id) {
        byte[] json = new byte[SIZE];
        int at = put(json, 0, ID);
        at = put(json, at, id);
        at = put(json, at, CUSTOMER);
        at = put(json, at, id % 1_000);
        at = put(json, at, AMOUNT);
        at = put(json, at, id % 10_000 / 100);
        json[at++] = '.';
        at = put(json, at, 10 + id % 90);
        at = put(json, at, STATUS);
        int from = pad.length == SIZE ? 0 : (int) (((id * 0x9E3779B97F4A7C15L) >>> 33) % (pad.length - SIZE));
        System.arraycopy(pad, from, json, at, SIZE - at - 2);
        json[SIZE - 2] = '"';
        json[SIZE - 1] = '}';
        return Payload.ofJson(json);
    }

    /** The number of an event, read into {@code buffer}, which has room for {@link #SIZE} bytes. */
    static long id(Payload payload, byte[] buffer) {
        if (payload.length() != SIZE) {
            throw new IllegalStateException("an event of " + payload.length() + " bytes is none of ours");
        }
        payload.copyTo(buffer, 0);
        long id = 0;
        for (int i = ID.length; buffer[i] >= '0' && buffer[i] <= '9'; i++) {
            id = id * 10 + buffer[i] - '0';
        }
        return id;
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
