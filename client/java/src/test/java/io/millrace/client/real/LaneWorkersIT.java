package io.millrace.client.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.BatchLimits;
import io.millrace.client.BotRegistration;
import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.client.Worker;
import io.millrace.client.WorkerOptions;
import io.millrace.protocol.Event;
import io.millrace.protocol.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bot with lanes whose work is done by two clients with two workers each. */
@Timeout(240)
class LaneWorkersIT {
    private static final int KEYS = 30;

    @TempDir
    static Path data;

    private static RealNode node;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(RealNode.isAvailable(), "build cluster-node first: ./mvnw -pl cluster-node -am package");
        node = RealNode.start(data);
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.stop();
        }
    }

    private static void fill(Millrace client, int from, int to) {
        try (Loader loader = client.load("lane-in", LoadOptions.DEFAULT.batchEvents(100))) {
            for (int i = from; i < to; i++) {
                loader.add(Payload.of(Map.of("key", "k" + i % KEYS, "n", i / KEYS)));
            }
        }
    }

    private static BotRegistration lanes(int count) {
        return BotRegistration.worker()
                .triggers("lane-in")
                .writes("lane-out")
                .batch(BatchLimits.count(20))
                .lanes(count, "/key");
    }

    private static List<Event> out(Millrace client) {
        List<Event> all = new ArrayList<>();
        client.read("lane-out").forEach(all::add);
        return all;
    }

    @Test
    void workersShareTheLanesAndTheirNumberChanges() {
        Map<String, Integer> byWorker = new ConcurrentHashMap<>();
        try (Millrace one = Millrace.connect(node.uri());
                Millrace two = Millrace.connect(node.uri())) {
            one.bots().register("laned", lanes(4));
            List<Worker> workers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "w" + i;
                workers.add((i % 2 == 0 ? one : two)
                        .worker(
                                "laned",
                                () -> (events, emitter) -> {
                                    Thread.sleep(5);
                                    byWorker.merge(name, events.size(), Integer::sum);
                                    for (Event event : events) {
                                        emitter.from(event).emit("lane-out", event.payload());
                                    }
                                },
                                WorkerOptions.DEFAULT.named(name)));
            }
            fill(one, 0, 3_000);
            await().atMost(Duration.ofSeconds(60)).until(() -> out(one).size() >= 500);
            workers.remove(0).close(Duration.ofMillis(1));
            one.bots().register("laned", lanes(2));
            fill(two, 3_000, 6_000);

            await().atMost(Duration.ofSeconds(90)).until(() -> out(one).size() >= 6_000);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    one.bots().get("laned").orElseThrow().lanes())
                            .hasSize(2)
                            .allMatch(lane -> lane.lag().get("lane-in").events() == 0));
            assertThat(byWorker.keySet()).hasSizeGreaterThan(1);
            Map<String, List<Integer>> byKey = new HashMap<>();
            for (Event event : out(one)) {
                assertThat(event.bot()).isEqualTo("laned");
                byKey.computeIfAbsent(event.payload().tree().get("key").asText(), key -> new ArrayList<>())
                        .add(event.payload().tree().get("n").asInt());
            }
            assertThat(byKey).hasSize(KEYS);
            byKey.forEach((key, numbers) -> assertThat(numbers)
                    .as(key)
                    .isEqualTo(IntStream.range(0, 200).boxed().toList()));
        }
    }
}
