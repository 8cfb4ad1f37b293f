package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.client.fake.FakeNode;
import io.millrace.client.fake.Fault;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.http.AppendResult;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PutTest {
    private final FakeNode node = new FakeNode();
    private final Millrace millrace =
            Millrace.builder(node.uri()).deadline(Duration.ofSeconds(5)).build();

    @AfterEach
    void close() {
        millrace.close();
        node.close();
    }

    @Test
    void aPutAnswersTheIdOfItsEvent() {
        EventId id = millrace.put("orders", Map.of("amount", 3));
        assertThat(node.queue("orders").events().get(0).eid()).isEqualTo(id);
        assertThat(node.queue("orders").payloads()).containsExactly("{\"amount\":3}");
    }

    @Test
    void putEventsIsOneContiguousBatch() {
        AppendResult result = millrace.putEvents(
                "orders",
                IntStream.range(0, 10).mapToObj(i -> NewEvent.of(Payload.of(i))).toList());
        assertThat(result.events()).isEqualTo(10);
        assertThat(result.last()).isEqualTo(result.first().plus(9));
        assertThat(node.queue("orders").appends()).isEqualTo(1);
    }

    @Test
    void putsThatComeWhileOneIsInFlightShareTheNextRequestAndKeepTheirOrder() {
        CountDownLatch opened = holdAppends();
        List<CompletableFuture<EventId>> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ids.add(millrace.putAsync("orders", i).toCompletableFuture());
        }
        opened.countDown();
        List<EventId> got = ids.stream().map(CompletableFuture::join).toList();
        assertThat(node.queue("orders").appends()).isEqualTo(2);
        assertThat(node.queue("orders").events().stream().map(event -> event.eid()))
                .isEqualTo(got);
        assertThat(node.queue("orders").payloads())
                .isEqualTo(IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    }

    @Test
    void whoPutTogetherAndPutAgainShareTheNextRequestToo() {
        CountDownLatch opened = holdAppends();
        List<CompletableFuture<EventId>> ids = new ArrayList<>();
        ids.add(millrace.putAsync("orders", "first").toCompletableFuture());
        for (int i = 0; i < 10; i++) {
            int n = i;
            ids.add(millrace.putAsync("orders", n)
                    .thenCompose(id -> millrace.putAsync("orders", n + 10))
                    .toCompletableFuture());
        }
        opened.countDown();
        ids.forEach(CompletableFuture::join);
        assertThat(node.queue("orders").appends()).isEqualTo(3);
    }

    @Test
    void whoWaitsForItsNextPutWhenToldOfTheLastHoldsUpNothing() {
        CountDownLatch opened = holdAppends();
        CompletableFuture<EventId> first = millrace.putAsync("orders", 0).toCompletableFuture();
        CompletableFuture<EventId> blocking = millrace.putAsync("orders", 1)
                .thenApply(id -> millrace.put("orders", 2))
                .toCompletableFuture();
        CompletableFuture<EventId> beside = millrace.putAsync("orders", 3).toCompletableFuture();
        opened.countDown();
        assertThat(List.of(first.join(), beside.join(), blocking.join())).doesNotHaveDuplicates();
    }

    private CountDownLatch holdAppends() {
        CountDownLatch opened = new CountDownLatch(1);
        node.faults((method, path) -> {
            try {
                opened.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Fault.NONE;
        });
        return opened;
    }

    @Test
    void onePutThatCannotBeTakenHarmsNoneOfThoseItWasGatheredWith() {
        CountDownLatch opened = holdAppends();
        List<CompletableFuture<EventId>> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Object payload = i == 5 ? Payload.ofJson("{bad") : i;
            ids.add(millrace.putAsync("orders", payload).toCompletableFuture());
        }
        opened.countDown();
        for (int i = 0; i < 10; i++) {
            CompletableFuture<EventId> id = ids.get(i);
            await().until(id::isDone);
            assertThat(id.isCompletedExceptionally()).isEqualTo(i == 5);
        }
        assertThatThrownBy(ids.get(5)::join).hasRootCauseInstanceOf(RejectedException.class);
        assertThat(node.queue("orders").payloads()).containsExactly("0", "1", "2", "3", "4", "6", "7", "8", "9");
        assertThat(millrace.put("orders", 10)).isNotNull();
    }

    @Test
    void repeatsWithoutDuplicatesUnderRandomFaults() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("PutTest seed " + seed);
        Random random = new Random(seed);
        Fault[] all = Fault.passing();
        node.faults((method, path) -> {
            synchronized (random) {
                return random.nextBoolean() ? all[random.nextInt(all.length)] : Fault.NONE;
            }
        });
        for (int i = 0; i < 40; i++) {
            millrace.put("orders", i);
        }
        assertThat(node.queue("orders").payloads())
                .as("seed %s", seed)
                .isEqualTo(IntStream.range(0, 40).mapToObj(Integer::toString).toList());
    }

    @Test
    void anUnknownOutcomeIsNamedSoAndTheNextPutIsNotHeldUpByIt() {
        try (Millrace impatient =
                Millrace.builder(node.uri()).deadline(Duration.ofMillis(300)).build()) {
            impatient.put("orders", 0);
            AtomicBoolean broken = new AtomicBoolean(true);
            node.faults((method, path) -> broken.get() ? Fault.CUT_AFTER : Fault.NONE);
            assertThatThrownBy(() -> impatient.put("orders", 1)).isInstanceOf(UnknownOutcomeException.class);
            broken.set(false);
            impatient.put("orders", 2);
            assertThat(node.queue("orders").payloads()).containsExactly("0", "1", "2");
        }
    }

    @Test
    void aNodeThatIsAwayIsNamedSo() {
        try (Millrace nobody = Millrace.builder(URI.create("http://127.0.0.1:1"))
                .deadline(Duration.ofSeconds(1))
                .build()) {
            assertThatThrownBy(() -> nobody.put("orders", 0)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void waitingPutsAreBounded() {
        CountDownLatch opened = holdAppends();
        Payload large = Payload.of("x".repeat(3 << 20));
        List<CompletableFuture<EventId>> ids = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (true) {
                        ids.add(millrace.putAsync("orders", large).toCompletableFuture());
                    }
                })
                .isInstanceOf(BufferFullException.class);
        assertThat(ids).hasSizeBetween(8, 11);
        opened.countDown();
        ids.forEach(CompletableFuture::join);
    }

    @Test
    void badNamesAndOversizedEventsAreRefusedAtOnce() {
        assertThatThrownBy(() -> millrace.put("../x", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> millrace.put("x", "y".repeat(4 << 20))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> millrace.putEvents("x", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(node.requests()).isZero();
    }
}
