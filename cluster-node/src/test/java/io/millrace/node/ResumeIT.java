package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.protocol.pace.Ramp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Bots that go on slowly, on a whole node. */
class ResumeIT {
    private static final Duration WAIT = Duration.ofSeconds(90);
    private static final String RATE = "{\"rate\":{\"from\":50,\"to\":250,\"over\":\"PT20S\"}}";
    private static final Ramp RAMP = new Ramp(50L, 250L, Duration.ofSeconds(20));

    private final Map<String, Object> settings =
            Map.of("millrace.cassandra.keyspace", TestCassandra.shared().newKeyspace(), "millrace.bot.linger", "200ms");

    @Test
    void aBotThatIsResumedWithARateKeepsItThroughARestartAndUntilItIsEnded() {
        Instant since;
        try (WholeNode node = WholeNode.start(settings)) {
            node.copy("slow", "copied", "orders");
            WholeNode.ok(node.send("POST", "/v1/bots/slow/pause", null));
            node.put("orders", 0, 10_000);
            WholeNode.ok(node.send("POST", "/v1/bots/slow/resume", RATE));

            JsonNode rate = node.bot("slow").get("rate");
            since = Instant.parse(rate.get("since").asText());
            assertThat(Instant.parse(rate.get("until").asText())).isEqualTo(since.plusSeconds(20));
            assertThat(node.send("GET", "/v1/bots/slow/explain", null).body())
                    .contains("\"check\":\"rate\"", "events a second now");
            Awaitility.await().atMost(WAIT).until(() -> node.events("copied") >= 200);
        }
        try (WholeNode node = WholeNode.start(settings)) {
            assertThat(node.bot("slow").get("rate").get("since").asText()).isEqualTo(since.toString());
            long before = node.events("copied");
            Awaitility.await().atMost(WAIT).until(() -> node.events("copied") >= before + 200);
            WholeNode.ok(node.send("POST", "/v1/bots/slow/resume", null));
            long ended = System.currentTimeMillis();
            assertThat(node.bot("slow").has("rate")).isFalse();

            node.awaitEvents("copied", 10_000);
            List<JsonNode> copied = node.read("copied");
            assertThat(WholeNode.payloads(copied)).isEqualTo(WholeNode.numbers(10_000));
            int slow = 0;
            for (int i = 0; i < copied.size() && copied.get(i).get("timestamp").asLong() < ended; i++) {
                long at = copied.get(i).get("timestamp").asLong() - since.toEpochMilli();
                assertThat(RAMP.isOver(at) || i <= RAMP.events(at) + 1)
                        .as("event " + i + " came after " + at + " ms")
                        .isTrue();
                slow = i;
            }
            System.out.println("events copied while the rate stood: " + slow);
        }
    }

    @Test
    void aRateThatIsGivenToARunningBotHoldsFromItsNextRunOn() {
        try (WholeNode node = WholeNode.start(settings)) {
            node.put("many", 0, 100);
            node.copy("steady", "steadily", "many");
            node.awaitEvents("steadily", 100);

            WholeNode.ok(node.send("POST", "/v1/queues/many/readers/resume", RATE));
            long since = Instant.parse(
                            node.bot("steady").get("rate").get("since").asText())
                    .toEpochMilli();
            Awaitility.await().atMost(WAIT).until(() -> !node.bot("steady").has("run"));
            node.put("many", 100, 2_000);
            Awaitility.await().atMost(WAIT).until(() -> node.events("steadily") >= 400);

            List<JsonNode> copied = node.read("steadily");
            for (int i = 100; i < copied.size(); i++) {
                long at = copied.get(i).get("timestamp").asLong() - since;
                assertThat(RAMP.isOver(at) || i - 100 <= RAMP.events(at) + 1).isTrue();
            }
            WholeNode.ok(node.send("POST", "/v1/queues/many/readers/resume", null));
            node.awaitEvents("steadily", 2_100);
        }
    }
}
