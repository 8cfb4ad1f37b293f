package io.millrace.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.json.InvalidJsonException;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireRecordsTest {
    private static final EventId ID = new EventId(1_700_000_000_000L, 7);
    private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final Checkpoint CHECKPOINT = new Checkpoint(Position.of(ID), 5, 1L, 2L, 3L);
    private static final JsonNode SETTINGS =
            JsonNodeFactory.instance.objectNode().put("factor", 3);
    private static final BotConfig CONFIG = new BotConfig(
            "prices orders",
            "me",
            List.of("demo"),
            List.of("orders"),
            "0 9 * * MON-FRI",
            "Europe/Berlin",
            new HandlerSpec.Java("com.example.Price", SETTINGS),
            List.of("rates"),
            List.of("priced"),
            Duration.ofMinutes(15),
            0.8,
            new BotConfig.Batch(1_000, 4 << 20, Duration.ofSeconds(1)),
            null,
            null,
            new BotConfig.Lag(Duration.ofSeconds(150), null),
            false);

    static BotInfo bot(BotConfig config) {
        return new BotInfo(
                "price",
                config,
                "nominal",
                List.of("running"),
                null,
                0,
                "boom",
                AT,
                12,
                new BotInfo.Run("r-1", 12, "node-1", null, AT, AT, AT, RunReason.SCHEDULE, AT),
                new BotInfo.Checkpoints(Map.of("orders", CHECKPOINT), Map.of()),
                Map.of("orders", new BotInfo.Lag(3, 1.5, Duration.ofSeconds(90))),
                config.schedule() == null ? null : List.of(AT),
                null,
                new BotInfo.Runs(12, 1),
                Map.of("priced", new BotInfo.WriteLag(2.5)),
                new BotInfo.Rates(
                        new BotInfo.Counts(1, 2, 3, 4),
                        new BotInfo.Counts(10, 20, 30, 40),
                        new BotInfo.Counts(100, 200, 300, 400)),
                AT);
    }

    static List<Object> wireRecords() {
        QueueInfo queue = new QueueInfo(
                "orders",
                "d",
                null,
                List.of(),
                new QueueConfig.Retention(Duration.ofDays(7), 1L << 40),
                5,
                100,
                ID,
                ID,
                AT,
                AT,
                false,
                true,
                List.of("price"),
                List.of(new QueueInfo.Writer("loader", CHECKPOINT)));
        BotConfig least = new BotConfig(
                null,
                null,
                null,
                null,
                null,
                null,
                new HandlerSpec.Worker(null),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        return List.of(
                queue,
                new Page.Queues(List.of(queue), "orders"),
                new Page.Bots(List.of(bot(CONFIG), bot(least)), null),
                QueueConfig.NONE,
                new QueueConfig("d", "o", List.of("t"), true, new QueueConfig.Retention(null, null)),
                CONFIG,
                least,
                bot(CONFIG),
                bot(least),
                new BotConfig.Retry(5, Duration.ofSeconds(2)),
                new BotInfo.Failing(
                        Map.of("orders", new BotInfo.Suspect(ID, 2, AT, AT, "boom")),
                        3,
                        1,
                        Position.of(ID),
                        List.of(ID)),
                new DeadLetters.Redrive(ID, null, null),
                new DeadLetters.Redrive(null, List.of(new DeadLetters.Edited(ID, Payload.ofJson("{\"a\":1}"))), null),
                new DeadLetters.Redrive(null, null, true),
                new DeadLetters.Settled(3, true),
                new RunProtocol.Suspicion(
                        "orders", ID, "boom", true, 7L, Duration.ofSeconds(5), Map.of("orders", CHECKPOINT)),
                new RunProtocol.Suspicion("orders", ID, null, null, null, null, null),
                new RunProtocol.Verdict(RunProtocol.Action.DEAD_LETTER, 3, AT, AT, "boom"),
                new AppendResult("orders", 3, ID, ID.plus(2), 0),
                new AppendResult("orders", 0, null, null, 3),
                new ProducerInfo("p", 4, ID, null),
                least.withHandler(new HandlerSpec.Webhook("https://example.com/a", null, null, null)),
                least.withHandler(new HandlerSpec.Webhook(
                        "https://example.com/a", Duration.ofSeconds(5), "whsec_x", HandlerSpec.Format.JSON)),
                WebhookAnswer.DONE,
                new WebhookAnswer(
                        List.of(
                                WebhookAnswer.Result.done(),
                                WebhookAnswer.Result.done(WebhookAnswer.Emit.of("b", 1)),
                                WebhookAnswer.Result.retry(Duration.ofSeconds(5), "busy"),
                                WebhookAnswer.Result.reject("no such customer")),
                        List.of()),
                new RunProtocol.Ask("w-1"),
                new RunProtocol.Grant(
                        "r",
                        "t",
                        "b",
                        1,
                        AT,
                        AT,
                        AT,
                        Duration.ofSeconds(5),
                        Map.of("orders", CHECKPOINT),
                        List.of("orders"),
                        null,
                        SETTINGS,
                        RunReason.SCHEDULE,
                        AT,
                        null,
                        null),
                new RunProtocol.Heartbeat(true, AT),
                new RunProtocol.Checkpoints(Map.of("orders", CHECKPOINT)),
                new RunProtocol.Complete(RunProtocol.Status.ERROR, "boom", Map.of(), null),
                new RunProtocol.Complete(RunProtocol.Status.OK, null, null, null),
                new RunProtocol.Summaries(
                        List.of(new RunProtocol.Summary("r", 1, null, AT, AT, 10, "ok", null, RunReason.EVENTS, null))),
                new RunProtocol.Reset("now", "because"),
                new RunProtocol.Reset("now", "because", "ann"),
                new CheckpointLedger.Undo(7L, "because", "ann"),
                new CheckpointLedger.Undo(7L, null, null),
                new CheckpointLedger.Skip("orders", ID),
                new Replay.Request("price", "orders", "beginning", "now", 10L, "ann"),
                new Replay.Request("price", "orders", "beginning", null, null, null),
                new Replay.Listing(List.of(
                        new Replay(
                                "1-price",
                                "price",
                                "orders",
                                Position.BEGINNING,
                                Position.of(ID),
                                10L,
                                "ann",
                                Replay.State.PLANNED,
                                5,
                                500,
                                Duration.ofSeconds(3),
                                new Replay.Downstream(List.of("priced"), List.of("invoice"), true),
                                AT,
                                AT,
                                null,
                                null,
                                null,
                                0,
                                0,
                                null),
                        new Replay(
                                "2-price",
                                "price",
                                "orders",
                                Position.BEGINNING,
                                Position.of(ID),
                                null,
                                null,
                                Replay.State.FAILED,
                                5,
                                500,
                                null,
                                null,
                                AT,
                                AT,
                                AT,
                                AT,
                                "price.replay",
                                4,
                                2,
                                "boom"))),
                new CheckpointLedger(List.of(
                        new CheckpointLedger.Move(
                                7,
                                AT,
                                CheckpointLedger.Kind.UNDO,
                                "orders",
                                "ann",
                                "because",
                                Position.of(ID),
                                Position.BEGINNING,
                                3,
                                4,
                                6L),
                        new CheckpointLedger.Move(
                                6,
                                AT,
                                CheckpointLedger.Kind.SKIP,
                                "orders",
                                null,
                                null,
                                null,
                                Position.of(ID),
                                3,
                                3,
                                null))),
                new RunProtocol.Pause(null),
                new RunProtocol.Changed(3, "price"),
                new RunProtocol.Changed(0, null),
                Problem.of(ProblemType.SEQUENCE_GAP, "gap", List.of(new InputError(3, "/a", "wrong"))),
                Problem.of(ProblemType.NOT_FOUND, "no such queue"));
    }

    @ParameterizedTest
    @MethodSource("wireRecords")
    void everyRecordIsReadAsItWasWritten(Object wire) {
        byte[] json = Json.bytes(wire);

        assertThat((Object) Json.read(json, wire.getClass())).isEqualTo(wire);
        assertThat((Object) Json.readAnswer(json, wire.getClass())).isEqualTo(wire);
        assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("null");
    }

    @Test
    void aBotsRegistrationStandsBesideItsState() {
        JsonNode json = Json.mapper().valueToTree(bot(CONFIG));

        assertThat(json.has("config")).isFalse();
        assertThat(json.path("triggers").path(0).asText()).isEqualTo("orders");
        assertThat(json.path("handler").path("type").asText()).isEqualTo("java");
        assertThat(json.path("handler").path("class").asText()).isEqualTo("com.example.Price");
        assertThat(json.path("maxDuration").asText()).isEqualTo("PT15M");
        assertThat(json.path("state").asText()).isEqualTo("nominal");
    }

    @Test
    void anAppendThatWasAllRepetitionNamesNoIds() {
        assertThat(new String(Json.bytes(new AppendResult("orders", 0, null, null, 3)), StandardCharsets.UTF_8))
                .isEqualTo("{\"queue\":\"orders\",\"events\":0,\"repeated\":3}");
        assertThat(new String(Json.bytes(new AppendResult("orders", 1, ID, ID, 0)), StandardCharsets.UTF_8))
                .isEqualTo("{\"queue\":\"orders\",\"events\":1,\"first\":\"" + ID + "\",\"last\":\"" + ID
                        + "\",\"repeated\":0}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":\"nope\"}",
                "{\"type\":null}",
                "{\"type\":5}",
                "{\"type\":\"java\"}",
                "{\"type\":\"java\",\"class\":null}",
                "{\"type\":\"java\",\"class\":5}",
                "{\"type\":\"java\",\"class\":\"a.B\",\"url\":\"x\"}",
                "{\"type\":\"worker\",\"class\":\"a.B\"}",
                "{\"type\":\"webhook\"}",
                "{\"type\":\"webhook\",\"url\":null}",
                "{\"type\":\"webhook\",\"url\":\"https://a.b\",\"class\":\"a.B\"}",
                "{\"type\":\"webhook\",\"url\":\"https://a.b\",\"format\":\"NDJSON\"}",
                "{\"type\":\"worker\",\"type\":\"worker\"}",
                "{\"type\":\"io.millrace.protocol.http.HandlerSpec$Worker\"}",
                "[]",
                "\"worker\"",
                "null"
            })
    void shouldRefuseAHandlerThatIsNone(String json) {
        refused(json, HandlerSpec.class);
    }

    @Test
    void aWebhooksSecretIsHiddenAndNeverInAText() {
        HandlerSpec.Webhook webhook = new HandlerSpec.Webhook("https://example.com/key", null, "whsec_abc", null);

        assertThat(new String(Json.bytes(webhook.hidden()), StandardCharsets.UTF_8))
                .contains("******")
                .doesNotContain("whsec_abc");
        assertThat(webhook.toString()).doesNotContain("whsec_abc").doesNotContain("key");
        assertThat(webhook.hidden().keepsSecret()).isTrue();
    }

    @Test
    void shouldRefuseWhatMisses() {
        refused("{}", RunProtocol.Ask.class);
        refused("{\"worker\":null}", RunProtocol.Ask.class);
        refused("{}", RunProtocol.Complete.class);
        refused("{\"status\":\"OK\"}", RunProtocol.Complete.class);
        refused("{\"status\":0}", RunProtocol.Complete.class);
        refused("{\"status\":null}", RunProtocol.Complete.class);
        refused("{}", RunProtocol.Checkpoints.class);
        refused("{\"checkpoints\":null}", RunProtocol.Checkpoints.class);
        refused("{\"checkpoints\":{\"q\":{}}}", RunProtocol.Checkpoints.class);
        refused("{\"checkpoints\":{\"q\":{\"checkpoint\":\"x\",\"records\":1}}}", RunProtocol.Checkpoints.class);
        refused("{\"checkpoints\":{\"q\":{\"checkpoint\":null,\"records\":1}}}", RunProtocol.Checkpoints.class);
        refused("{\"reason\":\"x\"}", RunProtocol.Reset.class);
        refused("{\"paused\":\"yes\"}", QueueConfig.class);
        refused("{\"retention\":{\"maxAge\":7}}", QueueConfig.class);
        refused("{\"handler\":{\"type\":\"worker\"},\"nope\":1}", BotConfig.class);
    }

    @Test
    void aMissingFieldIsPointedToWhetherLeftOutOrNull() {
        assertThat(pointer("{}", RunProtocol.Ask.class)).isEqualTo("/worker");
        assertThat(pointer("{\"worker\":null}", RunProtocol.Ask.class)).isEqualTo("/worker");
        assertThat(pointer("{\"handler\":{\"type\":\"java\",\"class\":null}}", BotConfig.class))
                .isEqualTo("/handler/class");
        assertThat(pointer("{\"checkpoints\":{\"q\":{\"records\":1}}}", RunProtocol.Checkpoints.class))
                .isEqualTo("/checkpoints/q/checkpoint");
    }

    private static String pointer(String json, Class<?> type) {
        return catchThrowableOfType(
                        InvalidJsonException.class, () -> Json.read(json.getBytes(StandardCharsets.UTF_8), type))
                .pointer();
    }

    @Test
    void aRegistrationTakesItsLagLimitsUnderBothNames() {
        for (String name : List.of("lag", "lagLimits")) {
            String json = "{\"" + name + "\":{\"source\":\"PT1M\"}}";

            assertThat(Json.read(json.getBytes(StandardCharsets.UTF_8), BotConfig.class)
                            .lag())
                    .isEqualTo(new BotConfig.Lag(Duration.ofMinutes(1), null));
        }
    }

    @Test
    void explicitNullIsAsLeftOut() {
        assertThat(Json.read("{\"description\":null}".getBytes(StandardCharsets.UTF_8), QueueConfig.class))
                .isEqualTo(QueueConfig.NONE);
    }

    @Test
    void aProblemIsAnRfc9457Document() {
        Problem problem = Problem.of(ProblemType.STALE_RUN, "run r-1 has ended");

        assertThat(new String(Json.bytes(problem), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"urn:millrace:problem:stale-run\",\"title\":\"The run has ended or was replaced\","
                                + "\"status\":409,\"detail\":\"run r-1 has ended\",\"retryable\":false}");
        assertThat(problem.is(ProblemType.STALE_RUN)).isTrue();
        assertThat(problem.is(ProblemType.CONFLICT)).isFalse();
    }

    private static void refused(String json, Class<?> type) {
        assertThatIllegalArgumentException()
                .as(json)
                .isThrownBy(() -> Json.read(json.getBytes(StandardCharsets.UTF_8), type));
    }
}
