package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.WholeNode;
import io.millrace.node.webhook.Receiver.Received;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Trace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A trace on its way through a whole node: appended, through a java bot, through a webhook, read. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class TraceIT {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";
    private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static WholeNode node;
    private static Receiver receiver;

    @BeforeAll
    static void start() throws Exception {
        receiver = new Receiver();
        node = WholeNode.start(Map.of("millrace.webhook.allow", List.of("127.0.0.1")));
    }

    @AfterAll
    static void stop() {
        receiver.close();
        node.close();
    }

    private static void webhook(String bot, String from) {
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + from + "\"],\"handler\":{\"type\":\"webhook\",\"url\":\""
                        + receiver.url("/" + bot) + "\"}}"));
    }

    private static void append(String queue, String body, String... headers) {
        WholeNode.ok(node.send("POST", "/v1/queues/" + queue + "/events", body, headers));
    }

    private static String parent(JsonNode event) {
        return event.path("trace").path("traceparent").asText();
    }

    @Test
    void itComesOutAtTheFarEndWithTheSameIdAndAParentForEachStep() {
        receiver.at("/b-hook", (call, received) -> Receiver.copy("c", received));
        node.copy("a-java", "b", "a");
        webhook("b-hook", "b");

        append("a", "1\n", "traceparent", PARENT, "tracestate", "vendor=x");

        node.awaitEvents("c", 1);
        JsonNode first = node.read("a").get(0);
        JsonNode second = node.read("b").get(0);
        JsonNode third = node.read("c").get(0);
        assertThat(parent(first)).isEqualTo(PARENT);
        assertThat(List.of(parent(first), parent(second), parent(third)))
                .doesNotHaveDuplicates()
                .allMatch(parent -> parent.matches("00-" + ID + "-[0-9a-f]{16}-01"));
        assertThat(third.path("trace").path("tracestate").asText()).isEqualTo("vendor=x");
        assertThat(parent(second))
                .as("made of where it stands: emitted again it is the same")
                .isEqualTo(new Trace(PARENT, null)
                        .child(
                                "a-java",
                                Correlation.of(
                                        "a", EventId.parse(first.get("eid").asText())))
                        .traceparent());
        Received call = receiver.received("/b-hook").get(0);
        assertThat(call.header("traceparent"))
                .as("the step that the call belongs to")
                .isEqualTo(parent(third));
        assertThat(call.header("tracestate")).isEqualTo("vendor=x");
        assertThat(parent(call.events().get(0))).isEqualTo(parent(second));
    }

    @Test
    void aCallWithSeveralTracesLeavesThemToItsEvents() {
        receiver.at("/mixed", (call, received) -> Receiver.copy("mixed-out", received));
        append(
                "mixed-in",
                "{\"payload\":1,\"trace\":{\"traceparent\":\"" + PARENT
                        + "\"}}\n{\"payload\":2,\"trace\":{\"traceparent\":\"" + OTHER + "\"}}\n3\n");
        webhook("mixed", "mixed-in");

        node.awaitEvents("mixed-out", 3);

        Received call = receiver.received("/mixed").get(0);
        assertThat(call.events()).extracting(TraceIT::parent).containsExactly(PARENT, OTHER, "");
        assertThat(call.headers()).doesNotContainKey("traceparent");
        assertThat(node.read("mixed-out"))
                .extracting(event -> event.has("trace") ? parent(event).substring(3, 35) : "")
                .containsExactly(ID, OTHER.substring(3, 35), "");
    }
}
