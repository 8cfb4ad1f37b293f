package io.millrace.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventInputTest {
    private static final QueueName QUEUE = new QueueName("orders");
    private static final String ID = "z/2023/11/14/22/13/1700000000000-0000001";

    @Test
    void anObjectWithPayloadOrCorrelationIsAnEvent() {
        Correlation parent = Correlation.of("q", EventId.parse(ID));

        assertThat(json("{\"payload\":{\"a\":1},\"id\":\"b\",\"event\":\"orders\",\"event_source_timestamp\":5}"))
                .containsExactly(new NewEvent(Payload.ofJson("{\"a\":1}"), null, 5L, "b"));
        assertThat(json("{\"correlation_id\":{\"source\":\"q\",\"start\":\"" + ID + "\",\"units\":1}}"))
                .containsExactly(new NewEvent(Payload.ofJson("null"), parent, null, null));
        assertThat(json("{\"payload\":1,\"event\":\"queue:orders\",\"id\":\"bot:b\"}"))
                .containsExactly(new NewEvent(Payload.ofJson("1"), null, null, "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}",
                "{\"id\":\"b\",\"eid\":5}",
                "{}",
                "5",
                "-0.00",
                "1E+400",
                "\"\"",
                "\"\u00e9\\u00e9\\ud83d\\ude00\"",
                "null",
                "false",
                "{\"a\":{\"payload\":1}}"
            })
    void anythingElseIsThePayloadToTheLetter(String value) {
        assertThat(json(value)).containsExactly(NewEvent.of(Payload.ofJson(value)));
        assertThat(json(" \n" + value + "\t\n ")).containsExactly(NewEvent.of(Payload.ofJson(value)));
        assertThat(ndjson(value)).containsExactly(NewEvent.of(Payload.ofJson(value)));
        assertThat(ndjson("\n \t" + value + " \r\n\n" + value + "\n"))
                .containsExactly(NewEvent.of(Payload.ofJson(value)), NewEvent.of(Payload.ofJson(value)));
    }

    @Test
    void anArrayIsManyEventsAndPrettyPrintBecomesOneLine() {
        assertThat(json("[\n  {\n    \"a\" : [1,\r\n 2]\n  },\n  [ 3 ] , 4 ,\n\"x\" ]"))
                .extracting(event -> event.payload().toString())
                .containsExactly("{     \"a\" : [1,   2]   }", "[ 3 ]", "4", "\"x\"");
        assertThat(ndjson("[1,2]")).containsExactly(NewEvent.of(Payload.ofJson("[1,2]")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{\"a\":1}{\"a\":1}",
                "1 2",
                "{\"a\":1,\"a\":2}",
                "{\"payload\":1,\"payload\":2}",
                "{\"payload\":{\"x\":[{\"b\":1,\"b\":2}]}}",
                "{\"a\":1,\"\\u0061\":2}",
                "NaN",
                "{\"a\":-Infinity}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1,}",
                "[1,]",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":tru}",
                "\"open",
                "//",
                "}",
                "]"
            })
    void shouldNameTheLineOfMalformedJson(String line) {
        for (InvalidEventsException e : List.of(
                refused(() -> ndjson("{\"a\":1}\n\n" + line + "\n{\"a\":1}\n")),
                refused(() -> ndjson("{\"a\":1}\r\n\r\n" + line)),
                refused(() -> json("[1,\n2,\n" + line + "\n]]")))) {
            assertThat(e.type()).isEqualTo(ProblemType.INVALID_EVENT);
            assertThat(e.errors().get(0).line()).isIn(3, 4);
            assertThat(e.errors().get(0).detail()).isIn(Json.NOT_JSON, "text follows the JSON value");
        }
        assertThat(refused(() -> ndjson("1\n2\n" + line + "\n3"))
                        .errors()
                        .get(0)
                        .line())
                .isEqualTo(3);
    }

    @Test
    void shouldRefuseTextThatCannotBeWrittenBackNamingTheLine() {
        byte[] body = "1\n\"?\"\n".getBytes(StandardCharsets.US_ASCII);
        for (int bad : new int[] {0xFF, 0xC0, 0x80, 0xED, 0x00}) {
            body[3] = (byte) bad;
            assertThat(refused(() -> EventInput.ndjson(body.clone(), QUEUE, e -> {}))
                            .errors()
                            .get(0)
                            .line())
                    .isEqualTo(2);
        }
        assertThat(refused(() -> ndjson("1\n\"\\ud800\"")).getMessage())
                .startsWith("line 2: a string has an escaped surrogate");
        assertThat(refused(() -> ndjson("1\n2\n{\"\\udc00\":1}"))
                        .errors()
                        .get(0)
                        .line())
                .isEqualTo(3);
        assertThat(refused(() -> EventInput.json("[1]".getBytes(StandardCharsets.UTF_16LE), QUEUE, e -> {})))
                .hasMessageContaining("zero byte");
        assertThat(ndjson("\"\\\\ud800\"")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n", "[]", "[ ]", "\r\n \t"})
    void shouldRefuseARequestWithoutEvents(String body) {
        assertThat(refused(() -> json(body))).hasMessage("there is no event in the request");
        if (!body.contains("[")) {
            assertThat(refused(() -> ndjson(body))).hasMessage("there is no event in the request");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "{\"payload\":1,\"eid\":\"x\"}~/eid",
                "{\"payload\":1,\"timestamp\":1}~/timestamp",
                "{\"payload\":1,\"nope\":1}~/nope",
                "{\"payload\":1,\"event\":\"other\"}~/event",
                "{\"payload\":1,\"event\":\"a|b\"}~/event",
                "{\"payload\":1,\"event\":5}~/event",
                "{\"payload\":1,\"event\":null}~/event",
                "{\"payload\":1,\"id\":5}~/id",
                "{\"payload\":1,\"id\":\"\"}~/id",
                "{\"payload\":1,\"id\":\"../x\"}~/id",
                "{\"payload\":1,\"id\":{}}~/id",
                "{\"payload\":1,\"event_source_timestamp\":\"1\"}~/event_source_timestamp",
                "{\"payload\":1,\"event_source_timestamp\":0}~/event_source_timestamp",
                "{\"payload\":1,\"event_source_timestamp\":-1}~/event_source_timestamp",
                "{\"payload\":1,\"event_source_timestamp\":1.5}~/event_source_timestamp",
                "{\"payload\":1,\"event_source_timestamp\":10000000000000}~/event_source_timestamp",
                "{\"payload\":1,\"event_source_timestamp\":1e30}~/event_source_timestamp",
                "{\"payload\":1,\"event_source_timestamp\":99999999999999999999}~/event_source_timestamp",
                "{\"payload\":1,\"correlation_id\":null}~/correlation_id",
                "{\"payload\":1,\"correlation_id\":\"x\"}~/correlation_id",
                "{\"payload\":1,\"correlation_id\":[]}~/correlation_id",
                "{\"correlation_id\":{}}~/correlation_id",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\"}}~/correlation_id",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\",\"units\":0}}~/correlation_id",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\",\"units\":1,\"more\":1}}~/correlation_id",
                "{\"correlation_id\":{\"source\":1,\"start\":\"x\",\"units\":1}}~/correlation_id"
            })
    void shouldPointToAFieldOfTheWrongTypeOrForm(String event, String pointer) {
        for (InvalidEventsException e :
                List.of(refused(() -> ndjson("1\n" + event)), refused(() -> json("[1,\n" + event + "]")))) {
            InputError error = e.errors().get(0);
            assertThat(error.line()).isEqualTo(2);
            assertThat(error.pointer()).isEqualTo(pointer);
        }
    }

    @Test
    void pointersAreEscapedAndShort() {
        assertThat(refused(() -> json("{\"payload\":1,\"a/b~c\":1}"))
                        .errors()
                        .get(0)
                        .pointer())
                .isEqualTo("/a~1b~0c");
        assertThat(refused(() -> json("{\"payload\":1,\"" + "x".repeat(101) + "\":1}"))
                        .errors()
                        .get(0)
                        .pointer())
                .isNull();
    }

    @Test
    void shouldRefuseDepthAndLongNumbersWithinABoundedStack() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(refused(() -> ndjson("1\n" + deep))).hasMessage("line 2: " + Json.TOO_DEEP);
        assertThat(refused(() -> json("[1,\n{\"payload\":" + deep + "}]"))).hasMessage("line 2: " + Json.TOO_DEEP);
        assertThat(refused(() -> ndjson("{\"a\":".repeat(100_000)))).hasMessage("line 1: " + Json.TOO_DEEP);
        assertThat(ndjson("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH)))
                .hasSize(1);
    }

    @Test
    void shouldRefuseEventsThatAreTooLargeOrTooMany() {
        for (int size : new int[] {Limits.EVENT_BYTES, 20_000_000}) {
            InvalidEventsException e = refused(() -> ndjson("1\n\"" + "x".repeat(size) + "\""));
            assertThat(e.type()).isEqualTo(ProblemType.TOO_LARGE);
            assertThat(e).hasMessage("line 2: the event is larger than 4194304 bytes");
        }
        assertThat(ndjson("\"" + "x".repeat(Limits.EVENT_BYTES - 1_000) + "\"")).hasSize(1);
        assertThat(ndjson("1\n".repeat(Limits.REQUEST_EVENTS))).hasSize(Limits.REQUEST_EVENTS);
        InvalidEventsException e = refused(() -> ndjson("1\n".repeat(Limits.REQUEST_EVENTS + 1)));
        assertThat(e.type()).isEqualTo(ProblemType.TOO_LARGE);
        assertThat(e).hasMessage("more than 100000 events in one request");
    }

    @Test
    void textsAreOursAndNeverTheInputs() {
        String secret = "s3cret";
        for (String body : List.of(
                "{\"" + secret + "\":" + secret + "}",
                secret,
                "\"" + secret + "\\x\"",
                "{\"payload\":1,\"id\":\"" + secret + "!\"}",
                "{\"payload\":1,\"event\":\"" + secret + "\"}",
                "{\"payload\":1,\"event_source_timestamp\":\"" + secret + "\"}",
                "{\"correlation_id\":{\"source\":\"" + secret + "\"}}")) {
            InvalidEventsException e = refused(() -> ndjson(body));
            assertThat(e.getMessage() + e.errors())
                    .doesNotContain(secret)
                    .doesNotContainIgnoringCase("jackson")
                    .doesNotContain("token", "Unexpected", "Unrecognized", "deserialize", "column");
            assertThat(e).hasNoCause();
        }
    }

    @Test
    void aByteOrderMarkIsNotPartOfAnEvent() {
        assertThat(json("\ufeff{\"a\":1}")).containsExactly(NewEvent.of(Payload.ofJson("{\"a\":1}")));
        assertThatThrownBy(() -> json("[\ufeff1]")).isInstanceOf(InvalidEventsException.class);
    }

    private static List<NewEvent> json(String body) {
        List<NewEvent> events = new ArrayList<>();
        EventInput.json(body.getBytes(StandardCharsets.UTF_8), QUEUE, events::add);
        return events;
    }

    private static List<NewEvent> ndjson(String body) {
        List<NewEvent> events = new ArrayList<>();
        EventInput.ndjson(body.getBytes(StandardCharsets.UTF_8), QUEUE, events::add);
        return events;
    }

    private static InvalidEventsException refused(Runnable reading) {
        InvalidEventsException e = catchThrowableOfType(InvalidEventsException.class, reading::run);
        assertThat(e).isNotNull();
        return e;
    }
}
