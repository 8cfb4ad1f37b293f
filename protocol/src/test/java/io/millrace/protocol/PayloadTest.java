package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "1.00",
                "1E+5",
                "-0",
                "123456789012345678901234567890.0000",
                "\"\"",
                "\"\u00e9 \ud83d\ude00 \\\"\\\\\"",
                "[]",
                "{}",
                "[[],{},[1,{\"a\":null}]]",
                "{\"a\":{\"b\":[1.50,\"x\"]},\"\":\"\"}"
            })
    void compactJsonIsReadToTheLetterWithinAnObject(String json) throws IOException {
        Map<String, Payload> read = Json.mapper()
                .readValue(
                        "{ \"p\" : " + json + " }",
                        Json.mapper().getTypeFactory().constructMapType(Map.class, String.class, Payload.class));

        assertThat(read.get("p")).isEqualTo(Payload.ofJson(json)).hasToString(json);
        assertThat(Json.bytes(read.get("p"))).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void ofTakesAnyObjectAndKeepsPayloads() {
        Payload payload = Payload.of(Map.of("a", 1));

        assertThat(payload).hasToString("{\"a\":1}");
        assertThat(Payload.of(payload)).isSameAs(payload);
        assertThat(Payload.of(null)).hasToString("null");
        assertThat(Payload.of("x\n")).hasToString("\"x\\n\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Payload.of(new Object()));
    }

    @Test
    void textMayBePrettyAndBecomesOneLine() {
        assertThat(Payload.ofJson(" {\r\n \"a\": 1\n}\n")).hasToString("{   \"a\": 1 }");
    }

    @Test
    void asFitsOrTells() {
        assertThat(Payload.ofJson("[1,2]").as(int[].class)).containsExactly(1, 2);
        assertThat(Payload.ofJson("1.10").tree().decimalValue()).hasToString("1.10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Payload.ofJson("[").tree());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Payload.ofJson("[]").as(String.class));
    }

    @Test
    void slicesAreEqualByTheirBytesAlone() {
        byte[] buffer = "xx{\"a\":1}yy".getBytes(StandardCharsets.UTF_8);
        Payload slice = Payload.ofJson(buffer, 2, 7);

        assertThat(slice).isEqualTo(Payload.ofJson("{\"a\":1}")).hasSameHashCodeAs(Payload.ofJson("{\"a\":1}"));
        assertThat(slice).isNotEqualTo(Payload.ofJson("{\"a\":2}")).hasToString("{\"a\":1}");
        assertThat(slice.length()).isEqualTo(7);
        assertThat(slice.toBytes()).hasSize(7);
    }

    @Test
    void newEventsRefuseWhatALineCannotTell() {
        Payload payload = Payload.ofJson("1");

        assertThat(new NewEvent(payload, null, 1L, "bot").bot()).isEqualTo("bot");
        assertThatIllegalArgumentException().isThrownBy(() -> new NewEvent(payload, null, 0L, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NewEvent(payload, null, EventId.MAX_MILLIS + 1, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new NewEvent(payload, null, null, "a\",\"b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new NewEvent(payload, null, null, ""));
    }
}
