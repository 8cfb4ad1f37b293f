package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.run.EventResult;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {
    private static final EventId FIRST = EventId.parse("z/2026/11/22/06/00/1795327200000-0000000");
    private final List<Event> events = List.of(event(0), event(1), event(2));
    private final List<String> emitted = new ArrayList<>();

    private static Event event(int number) {
        return new Event(null, "a", FIRST.plus(number), 0, 0, null, Payload.of(number));
    }

    private final class Noting implements Emitter {
        private final String parent;

        Noting(String parent) {
            this.parent = parent;
        }

        @Override
        public void emit(String queue, @Nullable Object payload) {
            if (queue.contains(" ")) {
                throw new IllegalArgumentException("no name");
            }
            emitted.add(parent + " " + queue + " " + payload);
        }

        @Override
        public Emitter from(Event event) {
            return new Noting(event.payload().toString());
        }

        @Override
        public RunInfo run() {
            throw new AssertionError("not asked");
        }
    }

    private List<EventResult> read(String answer) {
        return Results.of(answer.getBytes(StandardCharsets.UTF_8), events, new Noting("all"));
    }

    @Test
    void anEmptyAnswerSaysThatAllIsDone() {
        assertThat(read("")).hasSize(3).allMatch(result -> result instanceof EventResult.Done);
        assertThat(read("{}")).isEqualTo(read(""));
    }

    @Test
    void eachEventHasItsResultAndWhatItEmits() {
        List<EventResult> results = read("""
                {"results": [
                  {"status": "done", "emit": [{"queue": "b", "payload": {"x": 1.0}}, {"queue": "c", "payload": null}]},
                  {"status": "retry", "after": "PT5S", "message": "locked"},
                  {"status": "done", "emit": [{"queue": "b", "payload": 2}]}]}
                """);

        assertThat(results)
                .containsExactly(
                        new EventResult.Done(),
                        new EventResult.Retry(Duration.ofSeconds(5), "locked"),
                        new EventResult.Done());
        assertThat(emitted).as("what comes again isn't emitted now").containsExactly("0 b {\"x\":1.0}", "0 c null");
    }

    @Test
    void aRejectedEventSaysWhy() {
        assertThat(
                        read(
                                "{\"results\":[{\"status\":\"reject\"},{\"status\":\"retry\",\"after\":\"PT9H\"},{\"status\":\"done\"}]}"))
                .startsWith(
                        new EventResult.Reject("no reason was given"),
                        new EventResult.Retry(Duration.ofHours(1), "no reason was given"));
    }

    @Test
    void allTogetherMayEmit() {
        assertThat(read("{\"emit\":[{\"queue\":\"sum\",\"payload\":3}]}")).hasSize(3);
        assertThat(emitted).containsExactly("all sum 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ok",
                "null",
                "[]",
                "true",
                "{\"results\":[]}",
                "{\"results\":{}}",
                "{\"results\":[null,null,null]}",
                "{\"results\":[{\"status\":\"done\"}]}",
                "{\"results\":[{},{},{}]}",
                "{\"results\":[{\"status\":\"DONE\"},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":0},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":null},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":\"retry\",\"after\":5},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":\"retry\",\"emit\":[]},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":\"done\",\"emit\":[null]},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":\"done\",\"emit\":[{\"queue\":\"b\"}]},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":\"done\",\"emit\":[{\"queue\":\"a b\",\"payload\":1}]},{\"status\":\"done\"},{\"status\":\"done\"}]}",
                "{\"results\":[{\"status\":\"reject\"},{\"status\":\"done\"},{\"status\":\"done\"}],\"emit\":[]}",
                "{\"emit\":[{\"payload\":1}]}",
                "{\"emit\":[{\"queue\":null,\"payload\":1}]}",
                "{\"other\":1}",
                "{} {}",
                "{\"results\":null",
            })
    void garbageIsAnError(String answer) {
        assertThatThrownBy(() -> read(answer))
                .isInstanceOf(CallFailedException.class)
                .hasMessageNotContaining("com.fasterxml");
    }
}
