package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.application.SkewedClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Retention as users see it: on a whole node, over HTTP. */
class RetentionIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static SkewedClock clock;
    private static WholeNode node;

    @BeforeAll
    static void start() {
        clock = new SkewedClock();
        node = WholeNode.start(
                Map.of("millrace.queue.retention-every", "200ms", "millrace.queue.passivate-after", "1s"),
                signals -> signals,
                clock);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void readersOfAllKindsAreToldWhereTheyGoOn() throws Exception {
        List<String> ids = fill("told", 300);
        keepLittle("told");
        awaitEvents("told", 45);
        String kept = ids.get(255);

        HttpResponse<String> lines = get("told", ids.get(10), "application/x-ndjson");
        assertThat(lines.headers().firstValue("Millrace-Skipped-To")).contains(kept);
        assertThat(lines.body().lines()).hasSize(45).first().asString().contains(kept);
        HttpResponse<String> page = get("told", ids.get(10), "application/json");
        assertThat(page.headers().firstValue("Millrace-Skipped-To")).contains(kept);
        HttpResponse<String> blocks = get("told", "z/2020", "application/vnd.millrace.block");
        assertThat(blocks.headers().firstValue("Millrace-Skipped-To")).contains(kept);

        assertThat(get("told", ids.get(254), "application/json").headers().firstValue("Millrace-Skipped-To"))
                .as("nothing was missed")
                .isEmpty();
        assertThat(get("told", "z/", "application/json").headers().firstValue("Millrace-Skipped-To"))
                .as("the beginning is the oldest event, whichever it is")
                .isEmpty();
        assertThat(node.stream("/v1/queues/told/events?limit=45&after=" + ids.get(10)))
                .startsWith("event: skipped\ndata: {\"skippedTo\":\"" + kept + "\"}\n\n")
                .contains("id: " + ids.get(299));
    }

    @Test
    void aBotThatFellOffGoesOnAndItsLedgerSaysSo() {
        List<String> ids = fill("fell", 20);
        node.copy("falling", "fell-out", "fell");
        node.awaitTail("falling", "fell");
        node.send("POST", "/v1/bots/falling/pause", "{\"reason\":\"for long\"}");
        ids.addAll(fill("fell", 280));
        keepLittle("fell");
        awaitEvents("fell", 46); // a record of the bot's subscription stands among those of events

        node.send("POST", "/v1/bots/falling/resume", null);
        node.awaitTail("falling", "fell");

        assertThat(node.events("fell-out")).isEqualTo(20 + 46);
        JsonNode moves = WholeNode.json(
                        node.send("GET", "/v1/bots/falling/checkpoints", null).body())
                .get("moves");
        assertThat(moves).hasSize(1);
        assertThat(moves.get(0).get("kind").asText()).isEqualTo("skip");
        assertThat(moves.get(0).get("queue").asText()).isEqualTo("fell");
        assertThat(moves.get(0).get("from").asText()).isEqualTo(ids.get(19));
        assertThat(moves.get(0).get("to").asText()).isEqualTo(ids.get(254));
    }

    @Test
    void queuesAtRestAreWokenWhenTheirTimeComes() {
        WholeNode.ok(node.send("PUT", "/v1/queues/rests", "{\"retention\":{\"maxAge\":\"PT1H\"}}"));
        fill("rests", 300);
        double before = node.metric("millrace_stored_bytes_total");
        Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> before > 0); // it leaves memory meanwhile

        clock.advance(Duration.ofHours(2));

        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.count("SELECT log FROM %s.log WHERE log = 'queue|rests' AND bucket = 0") == 0);
        assertThat(node.events("rests"))
                .as("its first record was its configuration")
                .isEqualTo(46);
    }

    @Test
    void whatCantBeKeptToIsRefused() {
        for (String bad : List.of("{\"maxAge\":\"PT0S\"}", "{\"maxAge\":\"-PT1H\"}", "{\"maxBytes\":0}")) {
            HttpResponse<String> refused = node.send("PUT", "/v1/queues/bad", "{\"retention\":" + bad + "}");
            assertThat(refused.statusCode()).as(bad).isEqualTo(422);
            assertThat(refused.body()).contains("/retention/max");
        }
    }

    /** One record each. */
    private static List<String> fill(String queue, int events) {
        List<String> ids = new ArrayList<>();
        IntStream.range(0, events).forEach(i -> {
            HttpResponse<String> response =
                    node.send("POST", "/v1/queues/" + queue + "/events", "{\"payload\":" + i + "}");
            WholeNode.ok(response);
            ids.add(WholeNode.json(response.body()).get("first").asText());
        });
        return ids;
    }

    /** All but what isn't full yet goes. */
    private static void keepLittle(String queue) {
        WholeNode.ok(node.send("PUT", "/v1/queues/" + queue, "{\"retention\":{\"maxBytes\":1}}"));
    }

    private static void awaitEvents(String queue, long count) {
        Awaitility.await().atMost(WAIT).until(() -> node.events(queue) == count);
    }

    private static HttpResponse<String> get(String queue, String after, String accept) {
        return node.send("GET", "/v1/queues/" + queue + "/events?after=" + after, null, "Accept", accept);
    }
}
