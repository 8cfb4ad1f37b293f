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
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.pace.Ramp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
    void laterEventsOfAKeyWaitBehindTheOneThatAWorkerCantHandle() {
        Set<Integer> failing = ConcurrentHashMap.newKeySet();
        failing.add(10);
        String bot = "b-" + name;
        millrace.bots()
                .register(
                        bot,
                        BotRegistration.worker()
                                .triggers(name)
                                .retry(1, Duration.ofMillis(10))
                                .keysWait("/k"));
        for (int i = 0; i < 40; i++) {
            millrace.put(name, Map.of("n", i, "k", i % 4));
        }
        millrace.worker(bot, (event, out) -> {
            int n = event.payload().tree().get("n").asInt();
            if (failing.contains(n)) {
                throw new IllegalStateException("can't " + n);
            }
            out.emit("out-" + name, n);
        });

        await().atMost(Duration.ofSeconds(60))
                .until(() -> payloads(bot + ".dead").size() == 8);
        assertThat(of(2)).containsExactly(2, 6);
        millrace.bots().redriveAll(bot);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> millrace.bots().get(bot).orElseThrow().failing().heldKeys() == 1
                        && isAtTail(bot, bot + ".redrive"));
        for (int i = 40; i < 60; i++) {
            millrace.put(name, Map.of("n", i, "k", i % 4));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> isAtTail(bot, name));
        assertThat(of(2)).containsExactly(2, 6);
        assertThat(payloads(bot + ".dead")).hasSize(13);

        failing.clear();
        assertThat(millrace.bots().redriveAll(bot).events()).isEqualTo(13);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> millrace.bots().get(bot).orElseThrow().failing().heldKeys() == null);
        await().atMost(Duration.ofSeconds(60)).until(() -> of(2).size() == 15);
        for (int key = 0; key < 4; key++) {
            int of = key;
            assertThat(of(key))
                    .isEqualTo(IntStream.range(0, 60)
                            .filter(i -> i % 4 == of)
                            .boxed()
                            .toList());
        }
    }

    private boolean isAtTail(String bot, String queue) {
        var checkpoint =
                millrace.bots().get(bot).orElseThrow().checkpoints().read().get(queue);
        EventId last = millrace.queues().get(queue).orElseThrow().last();
        return checkpoint != null && last != null && !checkpoint.checkpoint().isBefore(last);
    }

    private List<Integer> of(int key) {
        return payloads("out-" + name).stream()
                .map(Integer::parseInt)
                .filter(n -> n % 4 == key)
                .toList();
    }

    @Test
    void aWorkerThatHangsAndHearsNothingHasNoEffectAndAnotherOneGoesOn() {
        fill(millrace, name, 20);
        String bot = "b-" + name;
        millrace.bots().register(bot, BotRegistration.worker().triggers(name).maxDuration(Duration.ofSeconds(3)));
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        millrace.worker(bot, (event, out) -> {
            hangs.countDown();
            while (goesOn.getCount() > 0) {
                try {
                    goesOn.await();
                } catch (InterruptedException e) {
                    // it hears nothing
                }
            }
            out.emit("out-" + name, event.payload());
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> hangs.getCount() == 0);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> millrace.bots().runs(bot).stream()
                        .anyMatch(run -> run.outcome().equals("expired")));

        millrace.worker(bot, (event, out) -> out.emit("out-" + name, event.payload()));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> payloads("out-" + name).size() >= 20);
        goesOn.countDown();
        await().atMost(Duration.ofSeconds(60)).until(() -> isAtTail(bot, name));
        assertThat(payloads("out-" + name)).isEqualTo(numbers(20));
    }

    @Test
    void garbageOfAWorkerIsOfItsEventAndAPausedQueueTakesWhatIsEmitted() {
        fill(millrace, name, 10);
        String bot = "b-" + name;
        millrace.queues().configure("out-" + name, new QueueConfig(null, null, null, true, null));
        millrace.bots().register(bot, BotRegistration.worker().triggers(name).retry(1, Duration.ofMillis(10)));
        millrace.worker(bot, (event, out) -> {
            int n = event.payload().as(Integer.class);
            out.emit(n == 3 ? "../out" : "out-" + name, n == 5 ? new Object() : n);
        });
        await().atMost(Duration.ofSeconds(60))
                .until(() -> payloads(bot + ".dead").size() == 2 && isAtTail(bot, name));
        assertThat(payloads("out-" + name)).hasSize(8);
    }

    /** Also of many bots at once: each has the rate for itself. */
    @Test
    void workersThatWereResumedWithARateKeepIt() {
        Ramp ramp = new Ramp(100L, 200L, Duration.ofSeconds(5));
        List<String> bots = List.of("x-" + name, "y-" + name);
        for (String bot : bots) {
            millrace.bots()
                    .register(bot, BotRegistration.worker().triggers(name).tags("t-" + name));
        }
        assertThat(millrace.bots().pauseTagged("t-" + name, "for a while")).isEqualTo(2);
        fill(millrace, name, 2_000);
        assertThat(millrace.bots().pauseReaders(name, "for longer")).isEqualTo(2);
        assertThat(millrace.bots().get(bots.get(1)).orElseThrow().pauseReason()).isEqualTo("for a while");
        assertThat(millrace.bots().resumeReaders(name, ramp)).isEqualTo(2);
        millrace.bots().pause(bots.get(1), null);
        assertThat(millrace.bots().resumeTagged("t-" + name, ramp)).isEqualTo(2);

        List<BotInfo.Rate> rates = bots.stream()
                .map(bot -> millrace.bots().get(bot).orElseThrow().rate())
                .toList();
        assertThat(rates).doesNotContainNull();
        for (String bot : bots) {
            millrace.worker(bot, (event, out) -> out.emit("out-" + bot, event.payload()));
        }
        for (String bot : bots) {
            BotInfo.Rate rate = rates.get(bots.indexOf(bot));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> payloads("out-" + bot).size() >= 2_000);
            List<Event> out = new ArrayList<>();
            millrace.read("out-" + bot).forEach(out::add);
            for (int i = 0; i < out.size(); i++) {
                long at = out.get(i).timestamp() - rate.since().toEpochMilli();
                assertThat(ramp.isOver(at) || i <= ramp.events(at) + 1).isTrue();
            }
            assertThat(payloads("out-" + bot)).isEqualTo(numbers(2_000));
            assertThat(millrace.bots().get(bot).orElseThrow().rate()).isNull();
        }
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
