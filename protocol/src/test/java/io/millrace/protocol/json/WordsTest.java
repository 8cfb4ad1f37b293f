package io.millrace.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Eight bytes at a time find what one at a time finds, wherever it stands and whatever stands around it. */
class WordsTest {
    @Property
    void shouldFindTheFirstOne(@ForAll @Size(max = 64) byte[] text, @ForAll @IntRange(max = 63) int start) {
        int from = Math.min(start, text.length);
        int expected = from;
        while (expected < text.length && text[expected] != '\n') {
            expected++;
        }

        assertThat(Words.indexOf(text, from, '\n')).isEqualTo(expected);
    }

    /** Neighbours of the byte that is sought are where borrowing from one byte to the next would show. */
    @Property
    void shouldFindTheFirstOneAmongItsNeighbours(@ForAll @Size(min = 1, max = 40) byte[] random) {
        byte[] text = random.clone();
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ('\n' - 1 + (text[i] & 3));
        }
        int expected = 0;
        while (expected < text.length && text[expected] != '\n') {
            expected++;
        }

        assertThat(Words.indexOf(text, 0, '\n')).isEqualTo(expected);
    }

    @Property
    void shouldSeeAFaultAtAnyPlaceAmongAnyText(
            @ForAll @Size(max = 40) byte[] random, @ForAll @IntRange(max = 40) int place) {
        byte[] ascii = ascii(random);
        int at = Math.min(place, ascii.length);

        assertThat(faultOf(ascii, "", at)).isFalse();
        assertThat(faultOf(ascii, "\0", at)).isTrue();
        assertThat(faultOf(ascii, "\u00e4", at)).isFalse();
        assertThat(TextCheck.fault(with(ascii, new byte[] {(byte) 0xE4}, at))).isNotNull();
        assertThat(faultOf(ascii, "\\ud800", at)).isTrue();
        assertThat(faultOf(ascii, "\\ud83d\\ude00", at)).isFalse();
    }

    private static boolean faultOf(byte[] ascii, String inserted, int at) {
        return TextCheck.fault(with(ascii, inserted.getBytes(StandardCharsets.UTF_8), at)) != null;
    }

    /** Backslashes would give what is inserted behind them another meaning. */
    private static byte[] ascii(byte[] random) {
        byte[] ascii = random.clone();
        for (int i = 0; i < ascii.length; i++) {
            int character = Math.max(1, ascii[i] & 0x7F);
            ascii[i] = (byte) (character == '\\' ? '/' : character);
        }
        return ascii;
    }

    private static byte[] with(byte[] ascii, byte[] inserted, int at) {
        byte[] text = Arrays.copyOf(ascii, ascii.length + inserted.length);
        System.arraycopy(ascii, at, text, at + inserted.length, ascii.length - at);
        System.arraycopy(inserted, 0, text, at, inserted.length);
        return text;
    }
}
