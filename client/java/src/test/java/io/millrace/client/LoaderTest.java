package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.client.fake.FakeNode;
import io.millrace.client.fake.Fault;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoaderTest {
    private final FakeNode node = new FakeNode();
    private final Millrace millrace = Millrace.connect(node.uri());

    @AfterEach
    void close() {
        millrace.close();
        node.close();
    }

    private static Payload number(long n) {
        return Payload.ofJson(Long.toString(n));
    }

    private static List<String> numbers(int n) {
        return IntStream.range(0, n).mapToObj(Integer::toString).toList();
    }

    @Test
    void loadsInOrderAndAcknowledgesInOrder() {
        List<LoadAck> acks = new ArrayList<>();
        LoadOptions options = LoadOptions.DEFAULT.batchEvents(100).onAck(acks::add);
        try (Loader loader = millrace.load("orders", options)) {
            for (int i = 0; i < 10_000; i++) {
                loader.add(number(i));
            }
        }
        assertThat(node.queue("orders").payloads()).isEqualTo(numbers(10_000));
        assertThat(acks.stream().mapToLong(LoadAck::sequence))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, acks.size())
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(acks.get(3).from()).isEqualTo(300);
        assertThat(node.queue("orders").events().get(300).eid())
                .isEqualTo(acks.get(3).first());
    }

    @Test
    void ordersExactlyOnceUnderRandomFaults() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("LoaderTest seed " + seed);
        Random random = new Random(seed);
        Fault[] all = Fault.passing();
        node.faults((method, path) -> {
            synchronized (random) {
                return method.equals("POST") && random.nextInt(3) == 0 ? all[random.nextInt(all.length)] : Fault.NONE;
            }
        });
        LoadOptions options = LoadOptions.DEFAULT.batchEvents(50).inFlight(8);
        try (Loader loader = millrace.load(options)) {
            for (int i = 0; i < 20_000; i++) {
                loader.add("q" + i % 3, number(i / 3));
            }
        }
        for (int q = 0; q < 3; q++) {
            int expected = 20_000 / 3 + (q < 20_000 % 3 ? 1 : 0);
            assertThat(node.queue("q" + q).payloads()).as("seed %s", seed).isEqualTo(numbers(expected));
        }
        assertThat(node.mostAppendsInFlight()).isGreaterThan(1);
    }

    @Test
    void lingerSendsWhatIsThereWithoutAFlush() {
        try (Loader loader = millrace.load("orders")) {
            loader.add(number(1));
            await().until(() -> loader.acknowledged() == 1);
        }
    }

    @Test
    void flushCompletesWhenAllIsDurableAndTrackedEventsLearnTheirIds() {
        try (Loader loader = millrace.load("orders", LoadOptions.DEFAULT.linger(Duration.ofHours(1)))) {
            loader.add(number(0));
            CompletableFuture<EventId> id = loader.track(NewEvent.of(number(1))).toCompletableFuture();
            loader.flush().toCompletableFuture().join();
            assertThat(node.queue("orders").payloads()).containsExactly("0", "1");
            assertThat(id)
                    .isCompletedWithValue(node.queue("orders").events().get(1).eid());
        }
    }

    @Test
    void aFullBufferMakesItsCallerWait() throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        node.faults((method, path) -> {
            awaitQuietly(opened);
            return Fault.NONE;
        });
        LoadOptions options = LoadOptions.DEFAULT.batchBytes(1_000).bufferBytes(10_000);
        try (Loader loader = millrace.load("orders", options)) {
            int taken = 0;
            while (loader.tryAdd(number(taken))) {
                taken++;
            }
            assertThat(taken).isBetween(300, 1_000); // each line is 14 to 16 bytes
            Thread adder = new Thread(() -> loader.add(number(-1)));
            adder.start();
            await().until(() -> adder.getState() == Thread.State.WAITING);
            opened.countDown();
            adder.join();
            loader.flush().toCompletableFuture().join();
            assertThat(node.queue("orders").payloads()).hasSize(taken + 1).endsWith("-1");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anEventThatTheBusCannotTakeFailsTheLoaderAndNothingBehindItIsTaken() {
        Loader loader = millrace.load("orders", LoadOptions.DEFAULT.batchEvents(10));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        loader.add(i == 25 ? Payload.ofJson("{bad") : number(i));
                    }
                })
                .isInstanceOf(LoadFailedException.class)
                .hasCauseInstanceOf(RejectedException.class)
                .hasMessageContaining("orders");
        assertThat(node.queue("orders").payloads()).isEqualTo(numbers(20));
        assertThatThrownBy(loader::close).isInstanceOf(LoadFailedException.class);
        assertThat(loader.flush().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aNamedProducerGoesOnWhereItWasInterrupted() {
        LoadOptions named = LoadOptions.DEFAULT.producer("importer").batchEvents(10);
        try (Loader first = millrace.load("orders", named)) {
            assertThat(first.resumedAfter("orders")).isEmpty();
            for (int i = 0; i < 100; i++) {
                first.add(number(i));
            }
        }
        try (Loader second = millrace.load("orders", named)) {
            assertThat(second.resumedAfter("orders").orElseThrow().sequence()).isEqualTo(10);
            assertThat(second.resumedAfter("orders").orElseThrow().last())
                    .isEqualTo(node.queue("orders").events().get(99).eid());
            for (int i = 100; i < 200; i++) {
                second.add(number(i));
            }
        }
        assertThat(node.queue("orders").payloads()).isEqualTo(numbers(200));
    }

    @Test
    void givesUpAtItsDeadline() {
        node.faults((method, path) -> Fault.UNAVAILABLE);
        Loader loader = millrace.load("orders", LoadOptions.DEFAULT.deadline(Duration.ofMillis(300)));
        loader.add(number(1));
        assertThatThrownBy(() -> loader.flush().toCompletableFuture().join())
                .hasCauseInstanceOf(LoadFailedException.class)
                .hasRootCauseInstanceOf(UnavailableException.class);
        assertThatThrownBy(loader::close).isInstanceOf(LoadFailedException.class);
    }

    @Test
    void aClosedLoaderTakesNothing() {
        Loader loader = millrace.load("orders");
        loader.close();
        assertThatThrownBy(() -> loader.add(number(1))).isInstanceOf(ClosedException.class);
    }

    @Test
    void closingTheClientDrainsItsLoaders() {
        Loader loader = millrace.load("orders", LoadOptions.DEFAULT.linger(Duration.ofHours(1)));
        loader.add(number(1));
        millrace.close();
        assertThat(node.queue("orders").payloads()).containsExactly("1");
        assertThatThrownBy(() -> loader.add(number(2))).isInstanceOf(ClosedException.class);
    }

    @Test
    void anOversizedEventIsRefusedAtOnce() {
        try (Loader loader = millrace.load("orders")) {
            Payload large = Payload.ofJson(new byte[5 << 20]);
            assertThatThrownBy(() -> loader.add(large)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void manyThreadsKeepTheirOwnOrder() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        try (Loader loader = millrace.load("orders", LoadOptions.DEFAULT.batchEvents(100))) {
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(t -> new Thread(() -> {
                        for (int i = 0; i < 2_000; i++) {
                            loader.add(Payload.ofJson("[" + t + "," + i + "]"));
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        int[] next = new int[4];
        node.queue("orders").events().forEach(event -> {
            int thread = event.payload().tree().get(0).intValue();
            if (event.payload().tree().get(1).intValue() != next[thread]++) {
                failures.incrementAndGet();
            }
        });
        assertThat(failures).hasValue(0);
        assertThat(next).containsOnly(2_000);
    }
}
