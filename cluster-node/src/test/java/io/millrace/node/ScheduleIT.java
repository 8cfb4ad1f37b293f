package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.application.SkewedClock;
import io.millrace.node.cassandra.TestCassandra;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bots with a schedule on a whole node, whose clock of the day jumps. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class ScheduleIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private final SkewedClock clock = new SkewedClock();
    private final Map<String, Object> settings = Map.of(
            "millrace.cassandra.keyspace",
            TestCassandra.shared().newKeyspace(),
            "millrace.bot.passivate-after",
            "1s",
            "millrace.bot.linger",
            "100ms");
    private WholeNode node;

    @BeforeEach
    void start() {
        node = WholeNode.start(settings, signals -> signals, clock);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aProducerFiresEachSlotOnceAndInTime() {
        register("each-second", "*/1 * * * * *", "seconds", "");

        Awaitility.await().atMost(WAIT).until(() -> node.events("seconds") >= 8);
        HttpResponse<String> paused = node.send("POST", "/v1/bots/each-second/pause", "{}");
        WholeNode.ok(paused);
        List<JsonNode> events = node.read("seconds");
        Instant before = Instant.EPOCH;
        for (JsonNode event : events) {
            JsonNode payload = event.get("payload");
            Instant slot = Instant.parse(payload.get("slot").asText());
            assertThat(payload.get("because").asText()).isEqualTo("SCHEDULE");
            assertThat(payload.get("events").asInt()).isZero();
            assertThat(slot).isAfter(before);
            assertThat(event.get("timestamp").asLong() - slot.toEpochMilli()).isBetween(0L, 1_000L);
            before = slot;
        }

        // Paused, it lets slots pass; then they are one.
        Instant passed = clock.instant().plusSeconds(3);
        Awaitility.await().atMost(WAIT).until(() -> clock.instant().isAfter(passed));
        long sofar = node.events("seconds");
        assertThat(sofar).isBetween((long) events.size(), events.size() + 1L); // one may have been under way
        WholeNode.ok(node.send("POST", "/v1/bots/each-second/resume", ""));
        Awaitility.await().atMost(WAIT).until(() -> node.events("seconds") >= sofar + 3);
        WholeNode.ok(node.send("DELETE", "/v1/bots/each-second", ""));
        List<String> slots = slots("seconds");
        assertThat(slots).doesNotHaveDuplicates().isSorted();
        assertThat(node.send("GET", "/v1/queues/seconds/producers/each-second.run", null)
                        .body())
                .as("all runs are one producer")
                .contains("\"sequence\":" + slots.size());
        assertThat(Instant.parse(slots.get((int) sofar))).isAfterOrEqualTo(passed.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void aBotAtRestIsWokenAtItsSlotOnceBeTheClockSetBackOrTheNodeStartedAnew() {
        LocalTime inAnHour =
                clock.instant().atOffset(ZoneOffset.UTC).toLocalTime().plusHours(1);
        register("daily", "0 " + inAnHour.getMinute() + " " + inAnHour.getHour() + " * * *", "days", "");
        JsonNode info = node.bot("daily");
        assertThat(info.get("nextRuns")).hasSize(5);
        Instant first = Instant.parse(info.get("nextRuns").get(0).asText());

        clock.advance(Duration.between(clock.instant(), first).plusMillis(100));
        node.awaitEvents("days", 1);
        assertThat(slots("days")).containsExactly(first.toString());
        assertThat(node.read("days").get(0).get("timestamp").asLong() - first.toEpochMilli())
                .as("late by")
                .isLessThan(2_000);

        clock.advance(Duration.ofHours(-2));
        Instant dayTwo = first.plus(Duration.ofDays(1));
        assertThat(node.bot("daily").get("nextRuns").get(0).asText()).isEqualTo(dayTwo.toString());
        clock.advance(Duration.ofHours(2));
        runNow("daily");
        node.awaitEvents("days", 2); // had the slot come again, it would have been before

        node.close();
        clock.advance(Duration.ofDays(3));
        node = WholeNode.start(settings, signals -> signals, clock);
        node.awaitEvents("days", 3);
        // On the first day the bot may still have been up, and have fired by itself.
        Awaitility.await().atMost(WAIT).until(() -> node.metric("millrace_sweeper_slots_total") > 0);
        assertThat(slots("days"))
                .containsExactly(
                        first.toString(), "", first.plus(Duration.ofDays(3)).toString());
        runNow("daily");
        node.awaitEvents("days", 4);
        assertThat(node.read("days").get(3).get("payload").get("because").asText())
                .isEqualTo("RUN_NOW");
        assertThat(node.send("GET", "/v1/bots/daily/runs", null).body()).contains("\"because\":\"schedule\"");
    }

    private void runNow(String bot) {
        WholeNode.ok(node.send("POST", "/v1/bots/" + bot + "/run", ""));
    }

    @Test
    void aBotWithoutTriggersPullsWhatWaitsAtEachSlot() {
        node.put("pulled", 0, 25);
        register("puller", "*/2 * * * * *", "pulls", ",\"reads\":[\"pulled\"]");

        node.awaitEvents("pulls", 1);
        JsonNode payload = node.read("pulls").get(0).get("payload");
        assertThat(payload.get("events").asInt()).isEqualTo(25);
        assertThat(payload.get("because").asText()).isEqualTo("SCHEDULE");
        node.put("pulled", 25, 5);
        node.awaitEvents("pulls", 2);
        node.awaitTail("puller", "pulled");
    }

    @Test
    void aWorkerIsGrantedTheSlotsRunWithItsReason() {
        WholeNode.ok(node.send(
                "PUT", "/v1/bots/worked", "{\"schedule\":\"*/1 * * * * *\",\"handler\":{\"type\":\"worker\"}}"));
        HashSet<String> slots = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> granted = node.send("POST", "/v1/bots/worked/runs?wait=20", "{\"worker\":\"w\"}");
            assertThat(granted.statusCode()).isEqualTo(201);
            JsonNode grant = WholeNode.json(granted.body());
            assertThat(grant.get("because").asText()).isEqualTo("schedule");
            assertThat(grant.get("triggers")).isEmpty();
            slots.add(grant.get("slot").asText());
            WholeNode.ok(node.send(
                    "POST",
                    "/v1/runs/" + grant.get("run").asText() + "/complete",
                    "{\"status\":\"ok\"}",
                    "Millrace-Run",
                    grant.get("token").asText()));
        }
        assertThat(slots).hasSize(3);
    }

    @Test
    void aScheduleThatCantBeIsRefusedAtItsField() {
        assertRefused("\"schedule\":\"0 0 30 2 *\"", "/schedule");
        assertRefused("\"schedule\":\"every monday\"", "/schedule");
        assertRefused("\"schedule\":\"0 9 * * *\",\"timeZone\":\"Mars/Olympus\"", "/timeZone");
        HttpResponse<String> done = node.send(
                "PUT",
                "/v1/bots/good",
                "{\"schedule\":\"30 2 * * *\",\"timeZone\":\"Europe/Berlin\",\"handler\":{\"type\":\"worker\"}}");
        WholeNode.ok(done);
        assertThat(WholeNode.json(done.body()).get("nextRuns")).hasSize(5);
    }

    private void assertRefused(String schedule, String pointer) {
        HttpResponse<String> refused =
                node.send("PUT", "/v1/bots/bad", "{" + schedule + ",\"handler\":{\"type\":\"worker\"}}");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(WholeNode.json(refused.body())
                        .get("errors")
                        .get(0)
                        .get("pointer")
                        .asText())
                .isEqualTo(pointer);
        assertThat(refused.body()).doesNotContain("cronutils", "Exception");
    }

    private List<String> slots(String queue) {
        return node.read(queue).stream()
                .map(event -> event.get("payload").path("slot").asText(""))
                .toList();
    }

    private void register(String bot, String schedule, String to, String more) {
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"schedule\":\"" + schedule
                        + "\",\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.Ticking\","
                        + "\"settings\":{\"to\":\"" + to + "\"}}" + more + "}"));
    }
}
