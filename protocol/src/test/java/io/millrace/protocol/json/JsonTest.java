package io.millrace.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    enum Color {
        RED
    }

    record Times(@Nullable Duration duration, @Nullable Instant instant) {}

    record Thing(
            @Nullable String text,
            int number,
            @Nullable Color color,
            @Nullable Boolean flag,
            @Nullable Map<String, Thing> more,
            @Nullable List<Thing> list) {}

    @Test
    void timesAreIsoTexts() {
        Times times = new Times(Duration.ofMinutes(15), Instant.ofEpochMilli(1_700_000_000_123L));

        String json = new String(Json.bytes(times), StandardCharsets.UTF_8);

        assertThat(json).isEqualTo("{\"duration\":\"PT15M\",\"instant\":\"2023-11-14T22:13:20.123Z\"}");
        assertThat(read(json, Times.class)).isEqualTo(times);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"duration\":15}",
                "{\"duration\":\"15 min\"}",
                "{\"duration\":\"\"}",
                "{\"instant\":1700000000000}",
                "{\"instant\":\"yesterday\"}",
                "{\"duration\":{}}"
            })
    void shouldRefuseTimesThatAreNot(String json) {
        InvalidJsonException fault = fault(json, Times.class);

        assertThat(fault.pointer()).isIn("/duration", "/instant");
        assertThat(fault).hasMessage(InvalidJsonException.WRONG_FORM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"text\":5,\"number\":1}|/text",
                "{\"text\":true,\"number\":1}|/text",
                "{\"text\":1.5,\"number\":1}|/text",
                "{\"number\":\"1\"}|/number",
                "{\"number\":1.0}|/number",
                "{\"number\":null}|/number",
                "{\"number\":2147483648}|/number",
                "{\"number\":1,\"color\":0}|/color",
                "{\"number\":1,\"color\":\"red\"}|/color",
                "{\"number\":1,\"color\":\"\"}|/color",
                "{\"number\":1,\"flag\":\"true\"}|/flag",
                "{\"number\":1,\"flag\":1}|/flag",
                "{\"number\":1,\"more\":{\"a/b\":{\"number\":\"x\"}}}|/more/a~1b/number",
                "{\"number\":1,\"list\":[{\"number\":1},{\"number\":{}}]}|/list/1/number",
                "{\"number\":1,\"list\":{}}|/list"
            })
    void shouldNameTheFieldOfAWrongType(String json, String pointer) {
        InvalidJsonException fault = fault(json, Thing.class);

        assertThat(fault.pointer()).isEqualTo(pointer);
        assertThat(fault).hasMessage(InvalidJsonException.WRONG_FORM);
    }

    @Test
    void shouldRefuseUnknownFieldsAndNameThemIfShort() {
        assertThat(fault("{\"number\":1,\"nope\":2}", Thing.class)).hasMessage("the field is not known here");
        assertThat(fault("{\"number\":1,\"nope\":2}", Thing.class).pointer()).isEqualTo("/nope");
        assertThat(fault("{\"number\":1,\"" + "n".repeat(1_000) + "\":2}", Thing.class)
                        .pointer())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"number\":1}}",
                "{\"number\":1} {}",
                "{\"number\":1,\"number\":2}",
                "{\"number\":1,\"more\":{\"a\":{\"number\":1},\"a\":{\"number\":1}}}",
                "{\"number\":NaN}",
                "{\"number\":01}",
                "{'number':1}",
                "{\"number\":1,}",
                "{\"number\":1}// comment",
                "{\"number\":1,\"text\":\"a\nb\"}",
                "nul"
            })
    void shouldRefuseWhatIsNotStrictJson(String json) {
        assertThat(fault(json, Thing.class).getMessage()).isIn(Json.NOT_JSON, InvalidJsonException.WRONG_FORM);
        assertThat(fault(json, Thing.class).getMessage()).doesNotContain("number\":");
    }

    @Test
    void shouldTellTheLineOfABrokenText() {
        assertThat(fault("{\n\"number\":1,\n!}", Thing.class).line()).isEqualTo(3);
        assertThat(fault("{\"number\":1,\n\"text\":\"\\ud800\"}", Thing.class).line())
                .isEqualTo(2);
    }

    @Test
    void shouldRefuseTextThatCannotBeWrittenBack() {
        assertThat(fault("{\"number\":1,\"text\":\"\\ud800\"}", Thing.class)).hasMessageContaining("surrogate");
        byte[] invalid = "{\"number\":1,\"text\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
        invalid[invalid.length - 3] = (byte) 0xFF;
        assertThatThrownBy(() -> Json.read(invalid, Thing.class)).hasMessageContaining("UTF-8");
        byte[] utf16 = "{\"number\":1}".getBytes(StandardCharsets.UTF_16BE);
        assertThatThrownBy(() -> Json.read(utf16, Thing.class)).hasMessageContaining("zero byte");
    }

    @Test
    void shouldRefuseNullForAnObject() {
        assertThat(fault("null", Thing.class)).hasMessage(InvalidJsonException.WRONG_FORM);
    }

    @Test
    void longNumbersAndNamesAreRefusedBeforeTheyCost() {
        assertThat(fault("9".repeat(1_001), JsonNode.class)).hasMessage(Json.TOO_DEEP);
        assertThat(fault("{\"" + "n".repeat(50_001) + "\":1}", JsonNode.class)).hasMessage(Json.TOO_DEEP);
        assertThat(Json.tree("9".repeat(1_000).getBytes(StandardCharsets.UTF_8), 0, 1_000)
                        .isNumber())
                .isTrue();
    }

    @Test
    void shouldRefuseDepthWithinBoundedStack() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(fault(deep, JsonNode.class)).hasMessage(Json.TOO_DEEP);
    }

    @Test
    void answersMayHaveFieldsOfANewerNode() {
        byte[] json = "{\"number\":1,\"new\":{}}".getBytes(StandardCharsets.UTF_8);

        assertThat(Json.readAnswer(json, Thing.class).number()).isOne();
    }

    @Test
    void namesAreTextOnTheWire() {
        for (Object name : List.of(new QueueName("q"), new BotId("q"), new ProducerId("q"))) {
            assertThat(new String(Json.bytes(name), StandardCharsets.UTF_8)).isEqualTo("\"q\"");
            assertThat(read("\"q\"", name.getClass())).isEqualTo(name);
            assertThat(fault("\"a|b\"", name.getClass())).hasMessage(InvalidJsonException.WRONG_FORM);
            assertThat(fault("5", name.getClass())).hasMessage(InvalidJsonException.WRONG_FORM);
            assertThat(fault("{\"value\":\"q\"}", name.getClass())).hasMessage(InvalidJsonException.WRONG_FORM);
        }
    }

    @Test
    void numbersStayExactInTrees() {
        String numbers = "[1.00,123456789012345678901234567890,0.1,1E+500]";

        assertThat(read(numbers, JsonNode.class)).hasToString(numbers);
    }

    private static <T> T read(String json, Class<T> type) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), type);
    }

    private static InvalidJsonException fault(String json, Class<?> type) {
        return catchThrowableOfType(InvalidJsonException.class, () -> read(json, type));
    }
}
