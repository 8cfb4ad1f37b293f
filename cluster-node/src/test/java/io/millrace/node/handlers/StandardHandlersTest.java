package io.millrace.node.handlers;

import static io.millrace.node.handlers.Events.emitted;
import static io.millrace.node.handlers.Events.errors;
import static io.millrace.node.handlers.Events.event;
import static io.millrace.node.handlers.Events.handler;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** {@code forward}, {@code filter} and {@code map}. */
class StandardHandlersTest {
    @Test
    void forwardCopiesIntoEveryQueue() throws Exception {
        assertThat(emitted(handler("forward", "{'to':'b'}".replace('\'', '"')), event(1, "1.50")))
                .containsExactly("b 1.50");
        assertThat(emitted(handler("forward", "{\"to\":[\"b\",\"queue:c\"]}"), event(1, "{\"x\":1}"), event(2, "2")))
                .containsExactly("b {\"x\":1}", "c {\"x\":1}", "b 2", "c 2");
    }

    @Test
    void filterCopiesWhatTheExpressionIsTrueFor() throws Exception {
        assertThat(emitted(
                        handler("filter", "{\"to\":\"b\",\"expression\":\"payload.total > 100\"}"),
                        event(1, "{\"total\":100}"),
                        event(2, "{\"total\":100.5}"),
                        event(3, "{\"other\":1}")))
                .containsExactly("b {\"total\":100.5}");
    }

    @Test
    void mapFillsATemplateIn() throws Exception {
        String template = """
                {"to": "b", "template": {
                    "customer": "=payload.customer.name", "gross": "=payload.net * 1.5", "kind": "invoice", "n": 7,
                    "items": ["=payload.items.map(i, i.id)", {"all": "=payload.items"}], "nothing": null,
                    "text": "='=' + payload.customer.name", "late": "=has(payload.late) ? payload.late : false"}}""";
        assertThat(emitted(
                        handler("map", template),
                        event(
                                1,
                                "{\"customer\":{\"name\":\"Ada\"},\"net\":2.5,\"items\":[{\"id\":1},{\"id\":\"x\"}]}")))
                .containsExactly(
                        "b {\"customer\":\"Ada\",\"gross\":3.75,\"kind\":\"invoice\",\"n\":7,\"items\":[[1,\"x\"],"
                                + "{\"all\":[{\"id\":1},{\"id\":\"x\"}]}],\"nothing\":null,\"text\":\"=Ada\",\"late\":false}");
    }

    @Test
    void mapLaysItsTemplateOverThePayload() throws Exception {
        assertThat(emitted(
                        handler(
                                "map",
                                "{\"to\":\"b\",\"merge\":true,\"template\":{\"a\":{\"y\":\"=payload.n + 1\"},\"n\":null}}"),
                        event(1, "{\"a\":{\"x\":1},\"n\":1,\"m\":2}"),
                        event(2, "{\"n\":1}")))
                .containsExactly("b {\"a\":{\"x\":1,\"y\":2},\"m\":2}", "b {\"a\":{\"y\":2}}");
    }

    @Test
    void mapEndsTheRunWithWordsThatAPersonUnderstands() {
        assertThatThrownBy(() -> emitted(handler("map", "{\"to\":\"b\",\"template\":\"=payload.x\"}"), event(1, "{}")))
                .hasMessageContaining("=payload.x asks for a field that isn't there on event z/2023");
        assertThatThrownBy(() -> emitted(
                        handler("map", "{\"to\":\"b\",\"template\":\"=payload.x / 0\"}"), event(1, "{\"x\":1}")))
                .hasMessageContaining("divides by zero");
        assertThatThrownBy(() ->
                        emitted(handler("map", "{\"to\":\"b\",\"template\":\"=timestamp(0)\"}"), event(1, "{\"x\":1}")))
                .hasMessageContaining("isn't JSON");
    }

    @Test
    void mapCantBlowUpAnEventNorRunForMinutes() {
        String texts = "[" + "\"x\",".repeat(99) + "\"" + "x".repeat(50_000) + "\"]";
        assertThatThrownBy(() -> emitted(
                        handler("map", "{\"to\":\"b\",\"template\":\"=payload.map(x, payload)\"}"), event(1, texts)))
                .hasMessageContaining("larger than an event may be");
        String list = "[" + "1,".repeat(9_000) + "1]";
        assertThatThrownBy(() -> emitted(
                        handler("map", "{\"to\":\"b\",\"template\":\"=payload.map(x, payload)\"}"), event(1, list)))
                .hasMessageContaining("takes more than 10000 steps");
    }

    @Test
    void settingsThatCantWorkAreRefusedWithTheirPlace() {
        assertThat(errors("forward", "{}")).containsExactly("/to is needed");
        assertThat(errors("forward", "{\"to\":[]}")).first().asString().startsWith("/to must be a queue");
        assertThat(errors("forward", "{\"to\":7}")).containsExactly("/to is not the name of a queue");
        assertThat(errors("forward", "{\"to\":[\"b\",\"-\"]}")).containsExactly("/to/1 is not the name of a queue");
        assertThat(errors("forward", "{\"to\":[\"b\",\"queue:b\"]}"))
                .first()
                .asString()
                .startsWith("/to/1 a queue stands");
        assertThat(errors("forward", "{\"to\":\"a\"}", "a")).first().asString().startsWith("/to is a queue that wakes");
        assertThat(errors("forward", "{\"to\":\"b\",\"form/at\":1}"))
                .containsExactly("/form~1at there is no such setting; there are to");
        assertThat(errors("filter", "{\"to\":\"b\",\"expression\":\"payload.x >\"}"))
                .first()
                .asString()
                .startsWith("/expression is not an expression")
                .doesNotContain("ERROR");
        assertThat(errors("filter", "{\"to\":\"b\",\"expression\":\"" + "1".repeat(1_001) + "\"}"))
                .first()
                .asString()
                .startsWith("/expression must have 1 to 1000");
        assertThat(errors("filter", "{\"to\":\"b\",\"expression\":7}")).containsExactly("/expression must be a text");
        assertThat(errors("map", "{\"to\":\"b\",\"template\":{\"a\":[1,\"=nobody.x\"],\"b\":\"=(\"},\"merge\":1}"))
                .hasSize(3)
                .anyMatch(error -> error.startsWith("/template/a/1 uses an unknown name"))
                .anyMatch(error -> error.startsWith("/template/b is not an expression"))
                .anyMatch(error -> error.startsWith("/merge must be true or false"));
        assertThat(errors("map", "{\"to\":\"b\",\"template\":\"=payload\"}")).isEmpty();
    }
}
