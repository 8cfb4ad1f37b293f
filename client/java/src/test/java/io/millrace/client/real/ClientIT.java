package io.millrace.client.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.BatchLimits;
import io.millrace.client.BotRegistration;
import io.millrace.client.EventReader;
import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.client.NotFoundException;
import io.millrace.client.ReadOptions;
import io.millrace.client.RejectedException;
import io.millrace.client.Worker;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ClientIT {
    @TempDir
    static Path data;

    private static RealNode node;
    private static Millrace millrace;

    private final String name = "t" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(RealNode.isAvailable(), "build cluster-node first: ./mvnw -pl cluster-node -am package");
        node = RealNode.start(data);
        millrace = Millrace.connect(node.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            millrace.close();
            node.stop();
        }
    }

    private static List<String> numbers(int n) {
        return IntStream.range(0, n).mapToObj(Integer::toString).toList();
    }

    private static List<String> payloads(String queue) {
        List<String> read = new ArrayList<>();
        millrace.read(queue).forEach(event -> read.add(event.payload().toString()));
        return read;
    }

    private static void fill(Millrace client, String queue, int n) {
        try (Loader loader = client.load(queue, LoadOptions.DEFAULT.batchEvents(500))) {
            for (int i = 0; i < n; i++) {
                loader.add(Payload.of(i));
            }
        }
    }

    @Test
    void whatIsPutIsRead() {
        EventId id = millrace.put(name, "hello");
        Event event = millrace.read(name).next();
        assertThat(event.eid()).isEqualTo(id);
        assertThat(event.queue()).isEqualTo(name);
        assertThat(event.payload().as(String.class)).isEqualTo("hello");
        assertThat(millrace.read("nothing-" + name).hasNext()).isFalse();
        assertThat(millrace.queues().get(name).orElseThrow().events()).isEqualTo(1);
        assertThat(millrace.queues().get("nothing-" + name)).isEmpty();
    }

    @Test
    void aLoadIsReadInOrderAndTrimmed() {
        fill(millrace, name, 20_000);
        assertThat(payloads(name)).isEqualTo(numbers(20_000));
        List<Event> all = new ArrayList<>();
        millrace.read(name).forEach(all::add);
        List<Event> part = new ArrayList<>();
        millrace.read(
                        name,
                        ReadOptions.DEFAULT
                                .after(all.get(777).eid())
                                .until(Position.of(all.get(9_999).eid())))
                .forEach(part::add);
        assertThat(part).isEqualTo(all.subList(778, 10_000));
        EventReader limited = millrace.read(
                name, ReadOptions.DEFAULT.after(all.get(777).eid()).limit(5));
        assertThat(limited.batch(BatchLimits.DEFAULT)).isEqualTo(all.subList(778, 783));
    }

    @Test
    void filtersOnTheNode() {
        fill(millrace, name, 1_000);
        List<String> read = new ArrayList<>();
        millrace.read(name, ReadOptions.DEFAULT.where("payload >= 990"))
                .forEach(event -> read.add(event.payload().toString()));
        assertThat(read).isEqualTo(numbers(1_000).subList(990, 1_000));
    }

    @Test
    void aFollowerHearsOfWhatComes() throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        EventReader reader = millrace.follow(name, ReadOptions.DEFAULT);
        Thread thread =
                new Thread(() -> reader.forEach(event -> got.add(event.payload().toString())));
        thread.start();
        for (int i = 0; i < 20; i++) {
            millrace.put(name, i);
        }
        await().until(() -> got.size() == 20);
        assertThat(got).isEqualTo(numbers(20));
        reader.close();
        thread.join();
    }

    @Test
    void aLoadThroughConnectionsThatBreakIsThereExactlyOnce() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ClientIT seed " + seed);
        try (CuttingProxy proxy = new CuttingProxy(node.uri(), seed);
                Millrace shaken = Millrace.connect(proxy.uri())) {
            proxy.odds(0.05);
            fill(shaken, name, 50_000);
            for (int i = 50_000; i < 50_050; i++) {
                shaken.put(name, i);
            }
            proxy.odds(0);
        }
        assertThat(payloads(name)).as("seed %s", seed).isEqualTo(numbers(50_050));
    }

    @Test
    void aBadEventIsRefusedByItselfAndStoresNothing() {
        assertThatThrownBy(() -> millrace.put(name, Payload.ofJson("{bad"))).isInstanceOf(RejectedException.class);
        assertThat(millrace.read(name).hasNext()).isFalse();
    }

    @Test
    void aNamedProducerGoesOn() {
        LoadOptions named = LoadOptions.DEFAULT.producer("importer").batchEvents(10);
        for (int round = 0; round < 2; round++) {
            try (Loader loader = millrace.load(name, named)) {
                assertThat(loader.resumedAfter(name).isPresent()).isEqualTo(round == 1);
                for (int i = round * 100; i < round * 100 + 100; i++) {
                    loader.add(Payload.of(i));
                }
            }
        }
        assertThat(payloads(name)).isEqualTo(numbers(200));
    }

    @Test
    void aPipelineOfWorkersIsExactlyOnceThroughFailuresAndKills() {
        fill(millrace, name, 3_000);
        String bot = "b-" + name;
        millrace.bots().register(bot, BotRegistration.worker().triggers(name).batch(BatchLimits.count(100)));
        AtomicInteger handled = new AtomicInteger();
        try (Worker worker = millrace.worker(bot, (event, out) -> {
            int count = handled.incrementAndGet();
            if (count == 700) {
                throw new IllegalStateException("once");
            }
            if (count == 1_500) {
                millrace.bots().kill(bot);
            }
            out.emit("out-" + name, event.payload());
        })) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> payloads("out-" + name).size() >= 3_000);
            assertThat(worker.runs()).isGreaterThanOrEqualTo(2);
            assertThat(handled.get()).isGreaterThan(3_000);
        }
        assertThat(payloads("out-" + name)).isEqualTo(numbers(3_000));
        Event first = millrace.read("out-" + name).next();
        assertThat(first.correlation())
                .isEqualTo(Correlation.of(name, millrace.read(name).next().eid()));
        assertThat(first.bot()).isEqualTo(bot);
        assertThat(first.sourceTimestamp()).isEqualTo(millrace.read(name).next().sourceTimestamp());
        assertThat(millrace.bots().runs(bot)).isNotEmpty();
    }

    @Test
    void twoHopsAndAReduceTakeWhatIsLive() {
        String first = "first-" + name;
        String second = "second-" + name;
        try (Worker price = millrace.enrich("price-" + name, name, first, Event::payload);
                Worker total = millrace.reduce(
                        "total-" + name, first, second, BatchLimits.count(10), events -> events.size())) {
            for (int i = 0; i < 30; i++) {
                millrace.put(name, i);
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> payloads(second).stream()
                                    .mapToInt(Integer::parseInt)
                                    .sum()
                            == 30);
            assertThat(payloads(first)).isEqualTo(numbers(30));
            assertThat(price.lastError()).isEmpty();
            assertThat(total.lastError()).isEmpty();
        }
    }

    @Test
    void administrationPausesMovesAndArchives() {
        fill(millrace, name, 10);
        String bot = "b-" + name;
        AtomicInteger handled = new AtomicInteger();
        try (Worker worker = millrace.offload(bot, name, event -> handled.incrementAndGet())) {
            await().until(() -> handled.get() == 10);
            await().until(() -> millrace.bots().get(bot).orElseThrow().run() == null);
            assertThat(millrace.bots().get(bot).orElseThrow().lag().get(name).events())
                    .isZero();
            millrace.bots().pause(bot, "maintenance");
            assertThat(millrace.bots().get(bot).orElseThrow().flags()).contains("paused");
            assertThat(millrace.bots().explain(bot).because()).isEqualTo("It is paused (\"maintenance\"); resume it.");
            await().until(() -> millrace.bots().listInState("paused", bot, null, 10).bots().stream()
                    .anyMatch(listed -> listed.bot().equals(bot)));
            millrace.bots().setCheckpoint(bot, name, "beginning", "again");
            millrace.bots().resume(bot);
            await().until(() -> handled.get() == 20);
            assertThat(worker.lastError()).isEmpty();
        }
        assertThat(millrace.bots().list("b-" + name, null, 10)).hasSize(1);
        millrace.bots().archive(bot);
        millrace.queues().archive(name);
        assertThatThrownBy(() -> millrace.put(name, 1)).isInstanceOf(RejectedException.class);
        assertThatThrownBy(() -> millrace.bots().run("nobody-" + name)).isInstanceOf(NotFoundException.class);
    }
}
