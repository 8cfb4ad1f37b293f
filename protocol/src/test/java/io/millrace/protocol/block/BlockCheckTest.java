package io.millrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.event.InvalidEventsException;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockCheckTest {
    private static final String GOOD = "{\"payload\":1}\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"payload\":{}}",
                "{\"payload\":\"\"}",
                "{\"payload\":{\"payload\":1,\"x\":{\"payload\":2}}}",
                "{\"payload\":[1, 2 ,{ \"a\" : 3 }]}",
                "{\"id\":\"b\",\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\",\"units\":1},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"\\u00e9\\\"\",\"start\":\"\u00e9\",\"end\":\"z\",\"units\":999999999999999999},\"payload\":1}",
                "{\"id\":\"b\",\"correlation_id\":{\"source\":\"q\",\"start\":\"x\",\"units\":1},\"payload\":\"\u00e9\"}"
            })
    void shouldTakeTheCanonicalForm(String line) {
        assertThat(BlockCheck.check(Blocks.ofLines(line + "\n"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "{}",
                "[]",
                "{\"payload\":}",
                "{\"payload\": 1}",
                "{\"payload\":1 }",
                "{\"payload\":\t1}",
                "{ \"payload\":1}",
                "{\"payload\" :1}",
                "{\"payload\":1} ",
                " {\"payload\":1}",
                "{\"payload\":1}\r",
                "\ufeff{\"payload\":1}",
                "{\"payload\":\ufeff1}",
                "{\"pay\\u006coad\":1}",
                "{\"Payload\":1}",
                "{\"eid\":\"x\",\"payload\":1}",
                "{\"event\":\"q\",\"payload\":1}",
                "{\"timestamp\":1,\"payload\":1}",
                "{\"id\": \"b\",\"payload\":1}",
                "{\"id\":\"b\", \"payload\":1}",
                "{\"id\":\"b\",\"id\":\"b\",\"payload\":1}",
                "{\"id\":5,\"payload\":1}",
                "{\"id\":null,\"payload\":1}",
                "{\"id\":\"\",\"payload\":1}",
                "{\"id\":\"a|b\",\"payload\":1}",
                "{\"id\":\"b\\u0000\",\"payload\":1}",
                "{\"event_source_timestamp\":1,\"id\":\"b\",\"payload\":1}",
                "{\"event_source_timestamp\":0,\"payload\":1}",
                "{\"event_source_timestamp\":-1,\"payload\":1}",
                "{\"event_source_timestamp\":01,\"payload\":1}",
                "{\"event_source_timestamp\":1.0,\"payload\":1}",
                "{\"event_source_timestamp\":1e3,\"payload\":1}",
                "{\"event_source_timestamp\":\"1\",\"payload\":1}",
                "{\"event_source_timestamp\":10000000000000,\"payload\":1}",
                "{\"event_source_timestamp\":99999999999999999999,\"payload\":1}",
                "{\"correlation_id\":null,\"payload\":1}",
                "{\"correlation_id\":{},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\"},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\",\"units\":0},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"\",\"start\":\"x\",\"units\":1},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\",\"end\":null,\"units\":1},\"payload\":1}",
                "{\"correlation_id\":{\"start\":\"x\",\"source\":\"q\",\"units\":1},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"q\",\"start\":\"x\",\"units\":1,\"more\":1},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"q\\x\",\"start\":\"x\",\"units\":1},\"payload\":1}",
                "{\"correlation_id\":{\"source\":\"q\t\",\"start\":\"x\",\"units\":1},\"payload\":1}"
            })
    void shouldRefuseEveryOtherForm(String line) {
        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines(GOOD + line + "\n" + GOOD)))
                .isInstanceOf(InvalidEventsException.class)
                .hasMessage("line 2: the block's line is not an event in the canonical form");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"payload\":NaN}",
                "{\"payload\":Infinity}",
                "{\"payload\":01}",
                "{\"payload\":1.}",
                "{\"payload\":nul}",
                "{\"payload\":'a'}",
                "{\"payload\":\"a\tb\"}",
                "{\"payload\":\"\\x\"}",
                "{\"payload\":\"}",
                "{\"payload\":[1,]}",
                "{\"payload\":[1}",
                "{\"payload\":{\"a\":1,\"a\":2}}",
                "{\"payload\":{\"a\":1,\"\\u0061\":2}}",
                "{\"payload\":[{\"b\":{\"a\":1,\"a\":2}}]}",
                "{\"payload\":1,\"payload\":2}",
                "{\"payload\":/**/1}"
            })
    void shouldRefuseAPayloadThatIsNotOneStrictJsonValue(String line) {
        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines(GOOD + line + "\n" + GOOD)))
                .isInstanceOf(InvalidEventsException.class)
                .hasMessage("line 2: " + Json.NOT_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"payload\":1}{\"payload\":1}",
                "{\"payload\":1,\"id\":\"b\"}",
                "{\"payload\":1,\"x\":2}",
                "{\"payload\":1}}",
                "{\"payload\":1} {}"
            })
    void shouldRefuseWhatFollowsAPayload(String line) {
        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines(GOOD + line + "\n" + GOOD)))
                .isInstanceOf(InvalidEventsException.class)
                .hasMessage("line 2: the block's line is not an event in the canonical form");
    }

    @Test
    void shouldRefuseALineBreakInsideAnEvent() {
        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines("{\"payload\":[1,\n2]}\n")))
                .isInstanceOf(InvalidEventsException.class);
        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines("{\"payload\":[1,\n2]}\n", 1, 0, 0, true)))
                .isInstanceOf(InvalidEventsException.class);
    }

    @Test
    void shouldRefuseALastLineWithoutItsLineFeed() {
        Block block = Blocks.ofLines("{\"payload\":1}", 1, 0, 0, true);

        assertThatThrownBy(() -> BlockCheck.check(block)).isInstanceOf(InvalidEventsException.class);
        assertThatThrownBy(() -> Blocks.newEvents(block)).isInstanceOf(BlockException.class);
    }

    @Test
    void shouldRefuseTextThatCannotBeWrittenBack() {
        refusedAtLine2("{\"payload\":\"\\ud800\"}".getBytes(StandardCharsets.UTF_8), "surrogate");
        refusedAtLine2("{\"payload\":\"\\udc00\\ud800\"}".getBytes(StandardCharsets.UTF_8), "surrogate");
        refusedAtLine2("{\"payload\":\"?\"}".replace('?', '\u00ff').getBytes(StandardCharsets.ISO_8859_1), "UTF-8");
        refusedAtLine2("{\"payload\":\"?\"}".replace('?', '\u0000').getBytes(StandardCharsets.US_ASCII), "zero byte");
    }

    private static void refusedAtLine2(byte[] line, String message) {
        byte[] lines = new byte[GOOD.length() + line.length + 1];
        System.arraycopy(GOOD.getBytes(StandardCharsets.US_ASCII), 0, lines, 0, GOOD.length());
        System.arraycopy(line, 0, lines, GOOD.length(), line.length);
        lines[lines.length - 1] = '\n';
        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines(lines, 2, 0, 0, true)))
                .isInstanceOf(InvalidEventsException.class)
                .hasMessageStartingWith("line 2: ")
                .hasMessageContaining(message);
    }

    @Test
    void depthIsBoundedWhereverThePayloadStands() {
        assertThat(BlockCheck.check(Blocks.ofLines("{\"payload\":" + nested(Json.MAX_DEPTH) + "}\n")))
                .isEmpty();
        for (int depth : new int[] {Json.MAX_DEPTH + 1, 100_000}) {
            assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines("{\"payload\":" + nested(depth) + "}\n")))
                    .isInstanceOf(InvalidEventsException.class)
                    .hasMessage("line 1: " + Json.TOO_DEEP);
        }
        assertThat(Payload.ofJson(nested(Json.MAX_DEPTH)).tree().isArray()).isTrue();
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    @Test
    void shouldRefuseAHeaderThatLiesAboutSourceTimestamps() {
        String named = "{\"event_source_timestamp\":5,\"payload\":1}\n{\"event_source_timestamp\":9,\"payload\":1}\n";

        assertThat(BlockCheck.check(Blocks.ofLines(named, 2, 5, 9, false))).isEmpty();
        lies(Blocks.ofLines(named, 2, 4, 9, false));
        lies(Blocks.ofLines(named, 2, 5, 10, false));
        lies(Blocks.ofLines(named, 2, 5, 9, true));
        lies(Blocks.ofLines(named, 2, 0, 0, false));
        lies(Blocks.ofLines(named + GOOD, 3, 5, 9, false));
        lies(Blocks.ofLines(GOOD, 1, 1, 1, true));
        assertThat(BlockCheck.check(Blocks.ofLines(named + GOOD, 3, 5, 9, true)))
                .isEmpty();
    }

    private static void lies(Block block) {
        assertThatThrownBy(() -> BlockCheck.check(block))
                .isInstanceOf(BlockException.class)
                .hasMessage("the block's source timestamps don't fit its lines");
    }

    @Test
    void shouldRefuseABlockWithIds() {
        Block stamped = Blocks.ofLines(GOOD).stamped(new QueueName("q"), Blocks.FIRST);

        assertThatThrownBy(() -> BlockCheck.check(stamped)).isInstanceOf(BlockException.class);
    }

    @Test
    void shouldTellHowFarTheParentsGoBackByQueue() {
        EventId first = Blocks.FIRST;
        List<NewEvent> events = List.of(
                child(Correlation.of("orders", first.plus(5))),
                child(Correlation.of("queue:orders", first.plus(2), first.plus(3), 2)),
                child(Correlation.of("rates", first)),
                child(new Correlation("system:crm", "row-17", null, 1)),
                child(null),
                child(Correlation.of("orders", first.plus(4))));

        assertThat(BlockCheck.check(Blocks.of("", events)))
                .containsExactly(
                        new ParentRange("orders", first.plus(2), first.plus(3), first.plus(5)),
                        new ParentRange("rates", first, first));
    }

    @Test
    void faultsComeAsLinesForTheProblemDocument() {
        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines(GOOD + "{}\n")))
                .isInstanceOfSatisfying(
                        InvalidEventsException.class,
                        e -> assertThat(e.errors())
                                .containsExactly(new InputError(
                                        2, null, "the block's line is not an event in the canonical form")));
    }

    private static NewEvent child(Correlation correlation) {
        return new NewEvent(Payload.ofJson("1"), correlation, null, null);
    }
}
