package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.fake.FakeNode;
import io.millrace.client.fake.Fault;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.Trace;
import io.millrace.protocol.handler.RejectedEventException;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.RunProtocol.Complete;
import io.millrace.protocol.http.RunProtocol.Status;
import io.millrace.protocol.pace.Ramp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class WorkerTest {
    private final FakeNode node = new FakeNode();
    private final Millrace millrace =
            Millrace.builder(node.uri()).closeTimeout(Duration.ofSeconds(5)).build();

    @AfterEach
    void close() {
        millrace.close();
        node.close();
    }

    private void fill(String queue, int from, int to) {
        try (Loader loader = millrace.load(queue, LoadOptions.DEFAULT.batchEvents(70))) {
            for (int i = from; i < to; i++) {
                loader.add(Payload.of(i));
            }
        }
    }

    private static List<String> numbers(int n) {
        return IntStream.range(0, n).mapToObj(Integer::toString).toList();
    }

    private Position checkpoint(String bot, String queue) {
        var checkpoint = node.bot(bot).checkpoints().get(queue);
        return checkpoint == null ? Position.BEGINNING : checkpoint.checkpoint();
    }

    private Position tail(String queue) {
        List<Event> events = node.queue(queue).events();
        return Position.of(events.get(events.size() - 1).eid());
    }

    @Test
    void enrichWritesEachEventsOutputWithItsCorrelationAndMovesTheCheckpoint() {
        fill("orders", 0, 500);
        millrace.enrich("price", "orders", "priced", event -> event.payload());
        await().until(() -> checkpoint("price", "orders").equals(tail("orders")));
        List<Event> sources = node.queue("orders").events();
        List<Event> priced = node.queue("priced").events();
        assertThat(node.queue("priced").payloads()).isEqualTo(numbers(500));
        assertThat(priced.get(77).correlation())
                .isEqualTo(Correlation.of("orders", sources.get(77).eid()));
        assertThat(priced.get(77).bot()).isEqualTo("price");
        assertThat(priced.get(77).sourceTimestamp()).isEqualTo(sources.get(77).sourceTimestamp());
        assertThat(node.bot("price").checkpoints().get("orders").records()).isEqualTo(500);
    }

    @Test
    void whatAWorkerEmitsStandsInTheTraceOfItsParents() {
        Trace trace = new Trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1");
        Trace other = new Trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", null);
        millrace.putEvents(
                "orders",
                List.of(
                        NewEvent.of(Payload.of(1)).in(trace),
                        NewEvent.of(Payload.of(2)).in(other),
                        NewEvent.of(Payload.of(3))));

        millrace.enrich("price", "orders", "priced", event -> event.payload());
        millrace.reduce("total", "orders", "totals", BatchLimits.count(3), events -> events.size());
        await().until(() -> checkpoint("price", "orders").equals(tail("orders")));
        await().until(() -> checkpoint("total", "orders").equals(tail("orders")));

        List<Event> sources = node.queue("orders").events();
        assertThat(sources).extracting(Event::trace).containsExactly(trace, other, null);
        assertThat(node.queue("priced").events())
                .extracting(Event::trace)
                .containsExactly(
                        trace.child("price", sources.get(0).asParent()),
                        other.child("price", sources.get(1).asParent()),
                        null);
        assertThat(node.queue("totals").events())
                .filteredOn(event -> event.correlation().units() > 1)
                .extracting(Event::trace)
                .containsOnlyNulls();
    }

    @Test
    void whatRetentionHasTakenFromABotIsToldToTheBus() {
        fill("orders", 0, 10);
        Worker first = millrace.enrich("price", "orders", "priced", event -> event.payload());
        await().until(() -> checkpoint("price", "orders").equals(tail("orders")));
        // The question that the first one left open may be given the next run, which nobody will do.
        node.bot("price").heartbeatEvery = Duration.ofMillis(100);
        first.close();
        for (int i = 1; i < 5; i++) {
            fill("orders", i * 10, i * 10 + 10);
        }
        node.queue("orders").trim(4);
        EventId kept = node.queue("orders").events().get(0).eid();

        millrace.enrich("price", "orders", "priced", event -> event.payload());
        await().until(() -> checkpoint("price", "orders").equals(tail("orders")));

        assertThat(node.bot("price").skips()).containsExactly(new CheckpointLedger.Skip("orders", kept));
        assertThat(node.queue("priced").payloads()).hasSize(20);
    }

    @Test
    void aWorkerReadsNoFasterThanItsGrantAllowsAndStopsInBetween() {
        fill("orders", 0, 1_000);
        millrace.bots().register("slow", BotRegistration.worker().triggers("orders"));
        Ramp ramp = new Ramp(100L, 300L, Duration.ofSeconds(10));
        node.bot("slow").rate = ramp;
        List<Long> times = new CopyOnWriteArrayList<>();
        long begun = System.nanoTime();

        Worker worker = millrace.worker("slow", (event, out) -> times.add(System.nanoTime() - begun));
        await().until(() -> times.size() >= 200);
        worker.close();

        for (int i = 0; i < times.size(); i++) {
            assertThat(i).isLessThanOrEqualTo((int) ramp.events(times.get(i) / 1_000_000) + 1);
        }
        assertThat(times.size()).isLessThan(1_000);
        EventId last = node.queue("orders").events().get(times.size() - 1).eid();
        await().until(() -> checkpoint("slow", "orders").equals(Position.of(last)));
    }

    @Test
    void enrichEmitsAListAsAWholeAndNothingForEmpty() {
        fill("orders", 0, 6);
        millrace.enrich("b", "orders", "out", event -> switch (event.payload().as(Integer.class)) {
            case 0 -> List.of("a", "b");
            case 1 -> null;
            case 2 -> List.of();
            case 3 -> Optional.empty();
            case 4 -> Optional.of("c");
            default -> "d";
        });
        await().until(() -> checkpoint("b", "orders").equals(tail("orders")));
        assertThat(node.queue("out").payloads()).containsExactly("\"a\"", "\"b\"", "\"c\"", "\"d\"");
    }

    @Test
    void reduceNamesItsWholeBatchAsParents() {
        fill("orders", 0, 250);
        millrace.reduce("total", "orders", "totals", BatchLimits.count(100), events -> events.size());
        await().until(() -> checkpoint("total", "orders").equals(tail("orders")));
        List<Event> totals = node.queue("totals").events();
        List<Event> sources = node.queue("orders").events();
        assertThat(totals.stream()
                        .mapToInt(event -> event.payload().as(Integer.class))
                        .sum())
                .isEqualTo(250);
        Correlation first = totals.get(0).correlation();
        assertThat(first.start()).isEqualTo(sources.get(0).eid().toString());
        assertThat(first.units())
                .isEqualTo(totals.get(0).payload().as(Integer.class).longValue());
        assertThat(first.end())
                .isEqualTo(sources.get((int) first.units() - 1).eid().toString());
    }

    @Test
    void reduceCutsItsBatchesWhereAnEarlierRunHadCutThem() {
        fill("orders", 0, 250);
        List<Event> sources = node.queue("orders").events();
        node.queue("totals").mark("total", "orders", sources.get(36).eid());

        millrace.reduce("total", "orders", "totals", BatchLimits.count(100), events -> events.size());

        await().until(() -> checkpoint("total", "orders").equals(tail("orders")));
        List<Event> totals = node.queue("totals").events();
        assertThat(totals.stream()
                        .mapToInt(event -> event.payload().as(Integer.class))
                        .sum())
                .isEqualTo(250 - 37);
        assertThat(totals.get(0).correlation().start())
                .isEqualTo(sources.get(37).eid().toString());
        assertThat(node.bot("total").completions()).allMatch(run -> run.status() == Status.OK);
        assertThat(node.bot("total").checkpoints().get("orders").records()).isEqualTo(250);
    }

    @Test
    void offloadTakesEventsInOrderAndALiveOneFindsTheRunInPlace() {
        fill("orders", 0, 10);
        List<String> got = new CopyOnWriteArrayList<>();
        Worker worker = millrace.offload(
                "sink", "orders", event -> got.add(event.payload().toString()));
        await().until(() -> got.size() == 10);
        millrace.put("orders", 10);
        await().until(() -> got.size() == 11);
        assertThat(got).isEqualTo(numbers(11));
        assertThat(worker.runs()).isEqualTo(1);
        await().until(() -> !node.bot("sink").completions().isEmpty());
        assertThat(node.bot("sink").completions().get(0).status()).isEqualTo(Status.OK);
        assertThat(checkpoint("sink", "orders")).isEqualTo(tail("orders"));
        millrace.put("orders", 11);
        await().until(() -> got.size() == 12);
        assertThat(worker.runs()).isEqualTo(2);
    }

    @Test
    void aHandlerThatThrowsEndsTheRunInErrorAndItsBatchComesAgain() {
        millrace.bots()
                .register("b", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(10)));
        fill("orders", 0, 30);
        Worker worker = millrace.worker("b", (event, out) -> {
            if (event.payload().as(Integer.class) == 15
                    && node.bot("b").completions().isEmpty()) {
                throw new IllegalStateException("no fifteen today");
            }
            out.emit("out", event.payload());
        });
        await().until(() -> checkpoint("b", "orders").equals(tail("orders")));
        Complete first = node.bot("b").completions().get(0);
        assertThat(first.status()).isEqualTo(Status.ERROR);
        assertThat(first.message()).contains("no fifteen today");
        assertThat(node.queue("out").payloads()).isEqualTo(numbers(30));
        assertThat(worker.events()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void anEventThatKeepsFailingIsPassedAndAllOthersAreThroughOnceAndInOrder() {
        millrace.bots()
                .register("b", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(64)));
        fill("orders", 0, 500);
        AtomicInteger calls = new AtomicInteger();
        millrace.batchWorker("b", (events, out) -> {
            calls.incrementAndGet();
            for (var event : events) {
                int number = event.payload().as(Integer.class);
                if (number == 400) {
                    throw new RejectedEventException(event, "no customer");
                } else if (number == 321) {
                    throw new IllegalStateException("poison");
                }
                out.from(event).emit("out", event.payload());
            }
        });
        await().until(() -> checkpoint("b", "orders").equals(tail("orders")));
        assertThat(node.queue("out").payloads())
                .isEqualTo(numbers(500).stream()
                        .filter(number -> !number.equals("321") && !number.equals("400"))
                        .toList());
        assertThat(node.bot("b").suspicions().stream().filter(found -> found.error() != null))
                .hasSize(4);
        assertThat(calls.get()).isLessThan(60);
    }

    @Test
    void exactlyOnceThroughRandomFaultsAndKills() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("WorkerTest seed " + seed);
        Random random = new Random(seed);
        Fault[] all = Fault.passing();
        AtomicBoolean broken = new AtomicBoolean();
        node.faults((method, path) -> {
            synchronized (random) {
                return broken.get() && random.nextInt(5) == 0 ? all[random.nextInt(all.length)] : Fault.NONE;
            }
        });
        millrace.bots()
                .register("b", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(20)));
        node.bot("b").heartbeatEvery = Duration.ofMillis(100);
        fill("orders", 0, 5_000);
        broken.set(true);
        AtomicInteger handled = new AtomicInteger();
        millrace.worker("b", (event, out) -> {
            if (handled.incrementAndGet() % 1_300 == 0) {
                node.bot("b").kill();
            }
            if (handled.get() % 1_700 == 0) {
                throw new IllegalStateException("now and then");
            }
            out.emit("out", event.payload());
            out.emit("out2", List.of(event.payload().as(Integer.class)));
        });
        await().atMost(Duration.ofSeconds(60))
                .until(() -> checkpoint("b", "orders").equals(tail("orders")));
        assertThat(node.queue("out").payloads()).as("seed %s", seed).isEqualTo(numbers(5_000));
        assertThat(node.queue("out2").events()).as("seed %s", seed).hasSize(5_000);
        assertThat(handled.get()).isGreaterThan(5_000);
    }

    @Test
    void aRunThatWasReplacedStopsWithoutEffect() throws Exception {
        fill("orders", 0, 10);
        millrace.bots().register("b", BotRegistration.worker().triggers("orders"));
        node.bot("b").heartbeatEvery = Duration.ofMillis(50);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Worker worker = millrace.batchWorker("b", (events, out) -> {
            if (calls.getAndIncrement() == 0) {
                inside.countDown();
                killed.await();
                out.emit("out", "zombie");
            } else {
                out.emit("out", events.size());
            }
        });
        inside.await();
        node.bot("b").kill();
        int before = node.bot("b").heartbeats();
        await().during(Duration.ofMillis(200)).until(() -> node.bot("b").heartbeats() == before);
        killed.countDown();
        await().until(() -> checkpoint("b", "orders").equals(tail("orders")));
        assertThat(node.queue("out").payloads()).containsExactly("10");
        assertThat(node.bot("b").completions()).allMatch(done -> done.status() == Status.OK);
        assertThat(worker.runs()).isEqualTo(2);
    }

    @Test
    void stopsReadingAtItsFractionAndGoesOnInTheNextRun() {
        fill("orders", 0, 100);
        millrace.bots()
                .register("b", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(1)));
        node.bot("b").maxDuration = Duration.ofMillis(250);
        Worker worker = millrace.worker("b", (event, out) -> {
            Thread.sleep(10); // the work itself takes time here
            out.emit("out", event.payload());
        });
        await().until(() -> checkpoint("b", "orders").equals(tail("orders")));
        assertThat(worker.runs()).isGreaterThan(3);
        assertThat(node.queue("out").payloads()).isEqualTo(numbers(100));
        assertThat(node.bot("b").completions()).allMatch(done -> done.status() == Status.OK);
    }

    @Test
    void theHeartbeatsStopEndsTheRunBehindItsBatch() {
        millrace.bots()
                .register("b", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(1)));
        fill("orders", 0, 1_000);
        node.bot("b").heartbeatEvery = Duration.ofMillis(100);
        AtomicInteger handled = new AtomicInteger();
        Worker worker = millrace.worker("b", (event, out) -> {
            if (handled.incrementAndGet() == 3) {
                node.bot("b").stop();
                int beats = node.bot("b").heartbeats();
                await().until(() -> node.bot("b").heartbeats() > beats + 1);
            }
        });
        await().until(() -> !node.bot("b").completions().isEmpty());
        assertThat(node.bot("b").completions().get(0).status()).isEqualTo(Status.OK);
        assertThat(node.bot("b")
                        .completions()
                        .get(0)
                        .checkpoints()
                        .get("orders")
                        .records())
                .isBetween(3L, 5L);
        worker.close();
    }

    @Test
    void closeFinishesTheBatchUnderWayAndCompletes() throws Exception {
        fill("orders", 0, 10_000);
        millrace.bots()
                .register("b", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(10)));
        CountDownLatch inside = new CountDownLatch(1);
        List<EventId> handled = new ArrayList<>();
        Worker worker = millrace.worker("b", (event, out) -> {
            inside.countDown();
            handled.add(event.eid());
            out.emit("out", event.payload());
        });
        inside.await();
        worker.close();
        assertThat(node.bot("b").completions()).hasSize(1);
        assertThat(checkpoint("b", "orders")).isEqualTo(Position.of(handled.get(handled.size() - 1)));
        assertThat(node.queue("out").payloads()).isEqualTo(numbers(handled.size()));
        assertThat(handled.size() % 10).isZero();
    }

    @Test
    void readsAllItsTriggers() {
        millrace.bots().register("b", BotRegistration.worker().triggers("a1", "a2", "a3"));
        fill("a1", 0, 100);
        fill("a3", 0, 200);
        millrace.worker("b", (event, out) -> out.emit("out-" + event.queue(), event.payload()));
        await().until(() -> checkpoint("b", "a3").equals(tail("a3")));
        await().until(() -> checkpoint("b", "a1").equals(tail("a1")));
        assertThat(node.queue("out-a1").payloads()).isEqualTo(numbers(100));
        assertThat(node.queue("out-a3").payloads()).isEqualTo(numbers(200));
        fill("a2", 0, 5);
        await().until(() -> node.queue("out-a2").events().size() == 5);
    }

    @Test
    void aBotWithoutTriggersEmitsUnderANumberOfItsRun() {
        millrace.bots().register("cron", BotRegistration.worker());
        millrace.batchWorker("cron", (events, out) -> {
            assertThat(events).isEmpty();
            out.emit("ticks", out.run().epoch());
        });
        node.bot("cron").runNow();
        await().until(() -> node.bot("cron").completions().size() == 1);
        assertThat(node.queue("ticks").payloads()).containsExactly("1");
        node.bot("cron").runNow();
        await().until(() -> node.bot("cron").completions().size() == 2);
        assertThat(node.queue("ticks").payloads()).containsExactly("1", "2");
        assertThat(millrace.load("ticks", LoadOptions.DEFAULT.producer("cron.run"))
                        .resumedAfter("ticks")
                        .orElseThrow()
                        .sequence())
                .as("all its runs are one producer")
                .isEqualTo(2);
    }

    @Test
    void whatOneEventGaveIsNeverSplitAndTooMuchEndsTheRun() {
        fill("orders", 0, 8);
        millrace.bots().register("b", BotRegistration.worker().triggers("orders"));
        String large = "x".repeat(3 << 20);
        Worker worker = millrace.worker("b", (event, out) -> {
            out.emit("out", large); // 8 x (3 + 3) MiB in one batch: two events to a request
            out.emit("out", large);
        });
        await().until(() -> checkpoint("b", "orders").equals(tail("orders")));
        assertThat(node.queue("out").events()).hasSize(16);
        assertThat(node.queue("out").appends()).isEqualTo(4);
        worker.close();

        millrace.bots()
                .register("c", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(1)));
        millrace.worker("c", (event, out) -> {
            for (int i = 0; i < 6; i++) {
                out.emit("never", large);
            }
        });
        await().until(() -> !node.bot("c").completions().isEmpty());
        assertThat(node.bot("c").completions().get(0).message()).contains("must fit into one request");
        assertThat(node.hasQueue("never")).isFalse();
    }

    @Test
    void administrationReadsWhatTheBusTells() {
        millrace.queues().create("orders");
        assertThat(millrace.queues().get("orders").orElseThrow().queue()).isEqualTo("orders");
        assertThat(millrace.queues().get("nothing")).isEmpty();
        assertThat(millrace.queues().list("", null, 10)).hasSize(1);
        millrace.bots()
                .register("b", BotRegistration.worker().triggers("orders").batch(BatchLimits.count(5)));
        assertThat(millrace.bots().get("b").orElseThrow().config().triggers()).containsExactly("orders");
        assertThat(millrace.bots().get("c")).isEmpty();
    }
}
