package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Outcome;
import io.millrace.node.run.MemoryQueues;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotInfo;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BotLagTest {
    private static final QueueName ORDERS = new QueueName("orders");

    private final MemoryQueues queues = new MemoryQueues();
    private final BotLag lag = new BotLag(queues, Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "beginning, z/",
        "z/2023/11, z/2023/11",
        "z/2023/11/14/22/13/1700000000000-0000007, z/2023/11/14/22/13/1700000000000-0000007",
        "2023-11-14T22:13:20Z, z/2023/11/14/22/13/1700000000000",
        "2023-11-14T22:13:20.123999Z, z/2023/11/14/22/13/1700000000123",
        "1970-01-01T00:00:00Z, z/1970/01/01/00/00/0000000000000",
        "2286-11-20T17:46:39.999Z, z/2286/11/20/17/46/9999999999999"
    })
    void aPositionIsWhatAnAdministratorMeans(String text, String expected) {
        assertThat(position(text)).isEqualTo(Outcome.done(Position.parse(expected)));
    }

    @Test
    void nowIsTheTailOrTheBeginningOfAnEmptyQueue() {
        assertThat(position("now")).isEqualTo(Outcome.done(Position.BEGINNING));
        queues.put("orders", 3);
        assertThat(position("now"))
                .isEqualTo(
                        Outcome.done(Position.of(queues.events("orders").get(2).eid())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "zebra",
                "z/2023/13",
                "z/2023/11/14/22/13/1700000000000-00000077",
                "yesterday",
                "2023-11-14",
                "1969-12-31T23:59:59.999Z",
                "2286-11-20T17:46:40Z",
                "+1000000000-12-31T23:59:59Z",
                "-1000000000-01-01T00:00:00Z",
                "BEGINNING"
            })
    void whatIsNoPositionIsRefused(String text) {
        assertThat(position(text))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_POSITION.urn()));
    }

    @Test
    void lagIsTheAgeOfTheSourceOfWhatWasReadLast() {
        queues.put("orders", 3);
        BotState state = Given.running()
                .apply(new BotEvent.Checkpointed(
                        NOW,
                        1,
                        java.util.Map.of(
                                "orders",
                                new io.millrace.protocol.Checkpoint(
                                        Position.of(
                                                queues.events("orders").get(0).eid()),
                                        1,
                                        NOW - 5_000,
                                        NOW,
                                        NOW))));

        assertThat(describe(state).lag()).containsEntry("orders", new BotInfo.Lag(2, 5.0));
    }

    @Test
    void thereIsNoLagAtTheTail() {
        assertThat(describe(Given.running()).lag()).containsEntry("orders", new BotInfo.Lag(0, 0));
    }

    @Test
    void whereNothingWasReadYetTheOldestEventThatWaitsCounts() {
        queues.put("orders", 3);
        assertThat(describe(Given.running()).lag())
                .as("the queue doesn't tell of its events here")
                .containsEntry("orders", new BotInfo.Lag(3, 0));

        queues.tellsOfItself = true;
        EventId first = queues.events("orders").get(0).eid();
        BotLag later = new BotLag(queues, Clock.fixed(Instant.ofEpochMilli(first.millis() + 60_000), ZoneOffset.UTC));
        assertThat(describe(later, Given.running()).lag()).containsEntry("orders", new BotInfo.Lag(3, 60));

        BotState set = Given.running()
                .apply(new BotEvent.CheckpointSet(
                        NOW, "orders", new Checkpoint(Position.of(first), 0, null, NOW, NOW), "again"));
        assertThat(describe(later, set).lag()).containsEntry("orders", new BotInfo.Lag(2, 60));
    }

    @Test
    void aQueueThatGivesNoAnswerIsLeftOut() {
        queues.countAnswer = CompletableFuture.failedStage(new TimeoutException("late"));

        assertThat(describe(Given.running()).lag()).isEmpty();
    }

    private BotInfo describe(BotState state) {
        return describe(lag, state);
    }

    private static BotInfo describe(BotLag lag, BotState state) {
        return lag.describe("price", state).toCompletableFuture().join();
    }

    private Outcome<Position> position(String text) {
        return lag.position(ORDERS, text).toCompletableFuture().join();
    }
}
