package io.millrace.node.handlers;

import static io.millrace.node.handlers.Events.NOW;
import static io.millrace.node.handlers.Events.at;
import static io.millrace.node.handlers.Events.emitted;
import static io.millrace.node.handlers.Events.errors;
import static io.millrace.node.handlers.Events.event;
import static io.millrace.node.handlers.Events.handler;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.run.WindowHandler;
import io.millrace.protocol.handler.BotHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReduceTest {
    private static final String FOLDS = """
            "n": {"fold": "count"}, "priced": {"fold": "count", "of": "/payload/p"}, "sum": {"fold": "sum", "of": "/payload/p"},
            "least": {"fold": "min", "of": "/payload/p"}, "most": {"fold": "max", "of": "/payload/p"},
            "all": {"fold": "collect", "of": "/payload/p"}""";

    private static String settings(String window, String folds) {
        return "{\"to\":\"b\",\"key\":\"/payload/k\",\"window\":{" + window + "},\"result\":{" + folds + "}}";
    }

    @Test
    void everyKeyHasItsFolds() throws Exception {
        BotHandler reduce = handler("reduce", settings("\"count\":6", FOLDS));
        assertThat(emitted(
                        reduce,
                        event(1, "{\"k\":\"x\",\"p\":0.1}"),
                        event(2, "{\"k\":\"y\",\"p\":\"much\"}"),
                        event(3, "{\"k\":\"x\",\"p\":0.2}"),
                        event(4, "{\"k\":\"x\"}"),
                        event(5, "7"),
                        event(6, "{\"k\":\"x\",\"p\":-1}")))
                .containsExactly(
                        out("\"x\"", "4", "3", "-0.7", "-1", "0.2", "[0.1,0.2,-1]"),
                        out("\"y\"", "1", "1", "0", "null", "null", "[\"much\"]"),
                        out("null", "1", "0", "0", "null", "null", "[]"));
    }

    private static String out(String key, String n, String priced, String sum, String least, String most, String all) {
        return "b {\"key\":" + key + ",\"window\":{\"start\":" + NOW + ",\"end\":" + NOW + "},\"result\":{\"n\":" + n
                + ",\"priced\":" + priced + ",\"sum\":" + sum + ",\"least\":" + least + ",\"most\":" + most
                + ",\"all\":"
                + all + "}}";
    }

    @Test
    void aTimeWindowIsAStretchOfTheQueuesClock() {
        WindowHandler reduce =
                (WindowHandler) handler("reduce", settings("\"time\":\"PT10S\"", "\"n\":{\"fold\":\"count\"}"));
        WindowHandler.Window window = reduce.open(at(NOW + 3_000, 1, "{}"));
        window.add(at(NOW + 3_000, 1, "{}"));

        assertThat(window.takes(at(NOW + 9_999, 1, "{}"))).isTrue();
        assertThat(window.takes(at(NOW + 10_000, 1, "{}"))).isFalse();
        assertThat(window.isOver(Long.MIN_VALUE)).isFalse();
        assertThat(window.isOver(NOW + 10_000)).as("a commit may be under way").isFalse();
        assertThat(window.isOver(NOW + 10_000 + ReduceHandler.GRACE_MILLIS)).isTrue();
        Events.Emitted out = new Events.Emitted("bot", 1);
        window.emit(out);
        assertThat(out.all)
                .containsExactly("b {\"key\":null,\"window\":{\"start\":" + NOW + ",\"end\":" + (NOW + 10_000)
                        + "},\"result\":{\"n\":1}}");
    }

    @Test
    void aWindowHoldsOnlySoMuch() {
        WindowHandler reduce =
                (WindowHandler) handler("reduce", settings("\"count\":1000000", "\"n\":{\"fold\":\"count\"}"));
        WindowHandler.Window keys = reduce.open(event(0, "{}"));
        assertThatThrownBy(() -> {
                    for (int i = 0; i <= ReduceWindow.MAX_KEYS; i++) {
                        keys.add(event(i, "{\"k\":" + i + "}"));
                    }
                })
                .hasMessageContaining("10000 keys");
        WindowHandler collect = (WindowHandler)
                handler("reduce", settings("\"count\":1000000", "\"all\":{\"fold\":\"collect\",\"of\":\"/payload\"}"));
        WindowHandler.Window values = collect.open(event(0, "{}"));
        String large = "\"" + "x".repeat(1 << 20) + "\"";
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        values.add(event(i, large));
                    }
                })
                .hasMessageContaining("make it smaller");
    }

    @Test
    void numbersOfMonstrousSizeDontCount() throws Exception {
        BotHandler reduce =
                handler("reduce", settings("\"count\":3", "\"sum\":{\"fold\":\"sum\",\"of\":\"/payload/p\"}"));
        assertThat(emitted(
                        reduce,
                        event(1, "{\"p\":1e999999999}"),
                        event(2, "{\"p\":1e-999999999}"),
                        event(3, "{\"p\":2}")))
                .first()
                .asString()
                .contains("\"sum\":2}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"count\":0 | /window/count must be a whole number",
                "\"count\":10,\"time\":\"PT1S\" | /window must have either",
                "`` | /window must have either",
                "\"time\":\"1m\" | /window/time must be an ISO-8601 duration",
                "\"time\":\"PT0.5S\" | /window/time must be an ISO-8601 duration",
                "\"time\":60 | /window/time must be a text",
                "\"seconds\":60,\"count\":1 | /window/seconds there is no such setting",
            })
    void windowsThatCantWorkAreRefused(String window, String error) {
        assertThat(errors("reduce", settings(window, FOLDS))).first().asString().startsWith(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"n\":{} | /result/n/fold is needed",
                "\"n\":{\"fold\":\"average\"} | /result/n/fold must be one of count, sum",
                "\"n\":{\"fold\":\"sum\"} | /result/n/of is needed",
                "\"n\":{\"fold\":\"sum\",\"of\":\"payload.x\"} | /result/n/of must be a JSON Pointer",
                "\"n\":{\"fold\":\"sum\",\"of\":\"/other/x\"} | /result/n/of must be a JSON Pointer",
                "\"n\":7 | /result/n must be an object",
                "`` | /result must have 1 to 50",
            })
    void foldsThatCantWorkAreRefused(String folds, String error) {
        assertThat(errors("reduce", settings("\"count\":1", folds)))
                .first()
                .asString()
                .startsWith(error);
    }
}
