package io.millrace.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes of a text looked at eight at a time: byte by byte, the search for line feeds and for what a parser doesn't see was
 * a sixth of a node's CPU under load. A byte that is 0 is found by {@code (v - 0x01..) & ~v & 0x80..}, as in "Hacker's
 * Delight", 6-1; the lowest that is found is right, those above it may be false.
 */
public final class Words {
    static final int BYTES = Long.BYTES;
    static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** The eight bytes from a place on, the first the lowest. */
    static long at(byte[] text, int place) {
        return (long) LONGS.get(text, place);
    }

    /** The high bit of bytes that are 0; not 0 only if there is one. */
    static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** A word of eight times the same ASCII character. */
    static long of(char character) {
        return ONES * character;
    }

    /** The first place from {@code from} on that holds an ASCII character, or the text's length where there is none. */
    public static int indexOf(byte[] text, int from, char character) {
        long pattern = of(character);
        int place = from;
        for (; place <= text.length - BYTES; place += BYTES) {
            long found = zeros(at(text, place) ^ pattern);
            if (found != 0) {
                return place + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (place < text.length && text[place] != character) {
            place++;
        }
        return place;
    }
}
