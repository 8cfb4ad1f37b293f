package io.millrace.protocol.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.protocol.Payload;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LaneKeyTest {
    private static String text(String key, String payload) {
        return new LaneKey(key).text(Payload.ofJson(payload));
    }

    @Test
    void findsTheValueWhereverItStands() {
        assertThat(text("/a", "{\"b\":[{\"a\":1},2],\"a\":\"x\"}")).isEqualTo("x");
        assertThat(text("/a/b", "{\"a\":{\"x\":{\"b\":1},\"b\":\"y\"}}")).isEqualTo("y");
        assertThat(text("/a/1/c", "{\"a\":[[1,2],{\"c\":true}]}")).isEqualTo("true");
        assertThat(text("", "\"all of it\"")).isEqualTo("all of it");
        assertThat(text("/a~1b/m~0n", "{\"a/b\":{\"m~n\":\"z\"}}")).isEqualTo("z");
    }

    @Test
    void whatHasNoValueThereCountsAsNull() {
        for (String payload : new String[] {"{\"a\":null}", "{\"b\":1}", "7", "[1]", "{\"a\"", ""}) {
            assertThat(text("/a", payload)).as(payload).isEqualTo("null");
        }
        assertThat(text("/a/3", "{\"a\":[1,2]}")).isEqualTo("null");
    }

    @Test
    void aNumberIsTheSameHoweverItIsWritten() {
        for (String written : new String[] {"1200", "1.2e3", "1200.0", "12E+2", "0.12e4", "120000e-2"}) {
            assertThat(text("/a", "{\"a\":" + written + "}")).as(written).isEqualTo("12e2");
        }
        assertThat(LaneKey.number("-0.5")).isEqualTo("-5e-1");
        assertThat(LaneKey.number("0")).isEqualTo("0");
        assertThat(LaneKey.number("-0.0e7")).isEqualTo("0");
        assertThat(LaneKey.number("100000000000000000001")).isEqualTo("100000000000000000001e0");
        assertThat(LaneKey.number("1e9999999999999999")).isEqualTo("1e9999999999999999");
    }

    @Test
    void anObjectIsTheSameInWhateverOrder() {
        assertThat(text("/a", "{\"a\":{\"y\":[1.0, \"q\\u0022\"], \"x\":null}}"))
                .isEqualTo(text("/a", "{\"a\":{\"x\":null,\"y\":[1,\"q\\\"\"]}}"))
                .isEqualTo("{\"x\":null,\"y\":[1e0,\"q\\\"\"]}");
    }

    @Test
    void theLaneOfAKeyIsFixedForGood() {
        // CRC-32C of "123456789" is 0xE3069283
        assertThat(new LaneKey("/a").lane(Payload.ofJson("{\"a\":\"123456789\"}"), 64))
                .isEqualTo(0xE3069283 & 63);
        assertThat(new LaneKey("/a").lane(Payload.ofJson("{\"a\":\"123456789\"}"), 10))
                .isEqualTo((int) (0xE3069283L % 10));
    }

    @Test
    void keysSpreadOverTheLanes() {
        int[] lanes = new int[8];
        for (int i = 0; i < 8_000; i++) {
            lanes[new LaneKey("/c").lane(Payload.ofJson("{\"c\":\"customer-" + i + "\"}"), 8)]++;
        }
        assertThat(Arrays.stream(lanes).boxed()).allMatch(n -> n > 800 && n < 1_200);
    }

    @Test
    void whatIsNoPointerIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneKey("a"));
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneKey("/" + "a".repeat(500)));
    }
}
