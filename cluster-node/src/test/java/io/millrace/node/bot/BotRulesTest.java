package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BotRulesTest {
    /** The registration under test, field by field. */
    private static final class Fields {
        @Nullable
        String description;

        @Nullable
        String owner;

        @Nullable
        List<String> tags;

        @Nullable
        List<String> triggers = List.of("orders");

        @Nullable
        String schedule;

        @Nullable
        String timeZone;

        @Nullable
        HandlerSpec handler = new HandlerSpec.Java("known", null);

        @Nullable
        List<String> reads;

        @Nullable
        List<String> writes;

        @Nullable
        Duration maxDuration;

        @Nullable
        Double readFraction;

        BotConfig.@Nullable Batch batch;

        BotConfig.@Nullable Lag lag;

        Optional<Problem> check() {
            return BotRules.check(
                    new BotConfig(
                            description,
                            owner,
                            tags,
                            triggers,
                            schedule,
                            timeZone,
                            handler,
                            reads,
                            writes,
                            maxDuration,
                            readFraction,
                            batch,
                            null,
                            null,
                            lag,
                            null),
                    "known"::equals,
                    Instant.parse("2026-11-22T05:30:00Z"));
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("/handler", fields -> fields.handler = null),
                fault("/handler/class", fields -> fields.handler = new HandlerSpec.Java("unknown", null)),
                fault(
                        "/handler/settings",
                        fields -> fields.handler = new HandlerSpec.Java("known", IntNode.valueOf(1))),
                fault("/handler/settings", fields -> fields.handler = new HandlerSpec.Worker(settings(65 << 10))),
                fault("/triggers", fields -> fields.triggers = queues(101)),
                fault("/triggers", fields -> fields.triggers = List.of("a", "b", "a")),
                fault("/triggers/1", fields -> fields.triggers = List.of("a", "a|b")),
                fault("/triggers/0", fields -> fields.triggers = List.of("queue:a")),
                fault("/triggers/0", fields -> fields.triggers = Collections.singletonList(null)),
                fault("/schedule", fields -> fields.schedule = "every day"),
                fault("/schedule", fields -> fields.schedule = "0 25 * * *"),
                fault("/schedule", fields -> fields.schedule = "0 0 30 2 *"),
                fault("/schedule", fields -> fields.schedule = "0 0 0 31 4,6 ?"),
                fault("/timeZone", fields -> {
                    fields.schedule = "0 9 * * *";
                    fields.timeZone = "Mars/Olympus";
                }),
                fault("/timeZone", fields -> fields.timeZone = "Europe/Berlin"),
                fault("/reads/0", fields -> fields.reads = List.of("../x")),
                fault("/writes/0", fields -> fields.writes = List.of("")),
                fault("/maxDuration", fields -> fields.maxDuration = Duration.ofMillis(999)),
                fault(
                        "/maxDuration",
                        fields -> fields.maxDuration = Duration.ofHours(24).plusMillis(1)),
                fault("/maxDuration", fields -> fields.maxDuration = Duration.ofSeconds(Long.MAX_VALUE)),
                fault("/readFraction", fields -> fields.readFraction = 0.0),
                fault("/readFraction", fields -> fields.readFraction = 1.01),
                fault("/readFraction", fields -> fields.readFraction = Double.NaN),
                fault("/description", fields -> fields.description = "x".repeat(2_001)),
                fault("/owner", fields -> fields.owner = "x".repeat(201)),
                fault("/tags", fields -> fields.tags = Collections.nCopies(51, "x")),
                fault("/tags", fields -> fields.tags = List.of("x".repeat(101))),
                fault("/tags", fields -> fields.tags = Collections.singletonList(null)),
                fault("/batch/count", fields -> fields.batch = new BotConfig.Batch(0, null, null)),
                fault("/batch/count", fields -> fields.batch = new BotConfig.Batch(100_001, null, null)),
                fault("/batch/bytes", fields -> fields.batch = new BotConfig.Batch(null, 0, null)),
                fault("/batch/bytes", fields -> fields.batch = new BotConfig.Batch(null, (16 << 20) + 1, null)),
                fault("/batch/time", fields -> fields.batch = new BotConfig.Batch(null, null, Duration.ofMillis(-1))),
                fault("/batch/time", fields -> fields.batch = new BotConfig.Batch(null, null, Duration.ofMinutes(6))),
                fault("/lag/source", fields -> fields.lag = new BotConfig.Lag(Duration.ofSeconds(-1), null)),
                fault("/lag/write", fields -> fields.lag = new BotConfig.Lag(null, Duration.ofDays(366))));
    }

    private static Arguments fault(String pointer, Consumer<Fields> change) {
        return Arguments.of(pointer, change);
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("faults")
    void whatCannotWorkIsRefusedAtItsField(String pointer, Consumer<Fields> change) {
        Fields fields = new Fields();
        change.accept(fields);

        Problem problem = fields.check().orElseThrow();

        assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE.urn());
        assertThat(problem.errors()).extracting(Problem.InputError::pointer).containsExactly(pointer);
        assertThat(problem.detail()).contains(problem.errors().get(0).detail());
    }

    @Test
    void theLimitsThemselvesAreAllowed() {
        Fields fields = new Fields();
        fields.description = "x".repeat(2_000);
        fields.owner = "x".repeat(200);
        fields.tags = Collections.nCopies(50, "x".repeat(100));
        fields.triggers = queues(100);
        fields.schedule = "0 0 29 2 *";
        fields.timeZone = "America/St_Johns";
        fields.reads = List.of();
        fields.writes = List.of("priced");
        fields.maxDuration = Duration.ofHours(24);
        fields.readFraction = 1.0;
        fields.batch = new BotConfig.Batch(100_000, 16 << 20, Duration.ofMinutes(5));
        fields.lag = new BotConfig.Lag(Duration.ZERO, Duration.ofDays(365));
        fields.handler = new HandlerSpec.Worker(settings(1_000));
        assertThat(fields.check()).isEmpty();
    }

    @Test
    void aHandlerIsAllThatABotNeeds() {
        Fields fields = new Fields();
        fields.triggers = null;
        assertThat(fields.check()).isEmpty();
    }

    @Test
    void allFaultsAreToldAtOnce() {
        Fields fields = new Fields();
        fields.handler = null;
        fields.triggers = Arrays.asList("a|b", "", "c");
        fields.readFraction = 2.0;

        assertThat(fields.check().orElseThrow().errors())
                .extracting(Problem.InputError::pointer)
                .containsExactly("/handler", "/triggers/0", "/triggers/1", "/readFraction");
    }

    private static List<String> queues(int count) {
        return IntStream.range(0, count).mapToObj(i -> "queue" + i).toList();
    }

    private static ObjectNode settings(int length) {
        return Json.mapper().createObjectNode().put("text", "x".repeat(length));
    }
}
