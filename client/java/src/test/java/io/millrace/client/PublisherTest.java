package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.fake.FakeNode;
import io.millrace.client.fake.Fault;
import io.millrace.protocol.Event;
import io.millrace.protocol.Payload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of reactive streams, by their numbers. */
@Timeout(60)
class PublisherTest {
    private final FakeNode node = new FakeNode();
    private final Millrace millrace =
            Millrace.builder(node.uri()).deadline(Duration.ofSeconds(2)).build();

    @BeforeEach
    void fill() {
        try (Loader loader = millrace.load("orders", LoadOptions.DEFAULT.batchEvents(10))) {
            for (int i = 0; i < 1_000; i++) {
                loader.add(Payload.of(i));
            }
        }
    }

    @AfterEach
    void close() {
        millrace.close();
        node.close();
    }

    /** Notes all signals and that they come one at a time. */
    private static class Probe implements Flow.Subscriber<Event> {
        final List<Event> events = new CopyOnWriteArrayList<>();
        final AtomicInteger subscribed = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();
        final AtomicInteger inside = new AtomicInteger();
        volatile boolean overlapped;
        volatile @Nullable Throwable error;
        volatile Flow.Subscription subscription;
        private final Consumer<Probe> onNext;

        Probe(Consumer<Probe> onNext) {
            this.onNext = onNext;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            subscribed.incrementAndGet();
        }

        @Override
        public void onNext(Event event) {
            overlapped |= inside.incrementAndGet() > 1 || ended.get() > 0;
            events.add(event);
            onNext.accept(this);
            inside.decrementAndGet();
        }

        @Override
        public void onError(Throwable failure) {
            overlapped |= inside.get() > 0;
            error = failure;
            ended.incrementAndGet();
        }

        @Override
        public void onComplete() {
            overlapped |= inside.get() > 0;
            ended.incrementAndGet();
        }
    }

    private Probe subscribe(ReadOptions options, Consumer<Probe> onNext) {
        Probe probe = new Probe(onNext);
        millrace.publish("orders", options).subscribe(probe);
        Assertions.assertThat(probe.subscribed).hasValue(1);
        return probe;
    }

    @Test
    void givesNoMoreThanWasAskedFor() {
        Probe probe = subscribe(ReadOptions.DEFAULT, p -> {});
        await().during(Duration.ofMillis(100)).until(probe.events::isEmpty);
        probe.subscription.request(3);
        probe.subscription.request(4);
        await().until(() -> probe.events.size() == 7);
        await().during(Duration.ofMillis(100)).until(() -> probe.events.size() == 7);
        assertThat(probe.ended).hasValue(0);
        probe.subscription.cancel();
    }

    @Test
    void fetchesNothingBeforeItIsAsked() {
        int before = node.requests();
        Probe probe = subscribe(ReadOptions.DEFAULT, p -> {});
        await().during(Duration.ofMillis(100)).until(() -> node.requests() == before);
        probe.subscription.cancel();
    }

    @Test
    void givesAllInOrderOneAtATimeAndCompletesOnce() {
        Probe probe = subscribe(ReadOptions.DEFAULT.pageBytes(64 << 10), p -> {});
        probe.subscription.request(Long.MAX_VALUE);
        probe.subscription.request(Long.MAX_VALUE);
        await().until(() -> probe.ended.get() == 1);
        assertThat(probe.events).isEqualTo(node.queue("orders").events());
        assertThat(probe.overlapped).isFalse();
        assertThat(probe.error).isNull();
    }

    @Test
    void completesWhenTheLastEventWasAskedForExactly() {
        Probe probe = subscribe(ReadOptions.DEFAULT.limit(10), p -> {});
        probe.subscription.request(10);
        await().until(() -> probe.ended.get() == 1);
        assertThat(probe.events).hasSize(10);
    }

    @Test
    void requestFromWithinOnNextDoesNotRecurse() {
        Probe probe = subscribe(ReadOptions.DEFAULT, p -> p.subscription.request(1));
        probe.subscription.request(1);
        await().until(() -> probe.ended.get() == 1);
        assertThat(probe.events).hasSize(1_000);
        assertThat(probe.overlapped).isFalse();
    }

    @Test
    void requestOfNothingIsAnErrorRule39() {
        for (long n : new long[] {0, -1}) {
            Probe probe = subscribe(ReadOptions.DEFAULT, p -> {});
            probe.subscription.request(n);
            await().until(() -> probe.ended.get() == 1);
            assertThat(probe.error).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
            probe.subscription.request(1);
            await().during(Duration.ofMillis(50)).until(probe.events::isEmpty);
        }
    }

    @Test
    void cancelEndsTheSignalsAndCanBeRepeated() {
        Probe probe = subscribe(ReadOptions.DEFAULT, p -> {
            if (p.events.size() == 5) {
                p.subscription.cancel();
            }
        });
        probe.subscription.request(Long.MAX_VALUE);
        await().until(() -> probe.events.size() == 5);
        probe.subscription.cancel();
        probe.subscription.request(7);
        await().during(Duration.ofMillis(100)).until(() -> probe.events.size() == 5 && probe.ended.get() == 0);
    }

    @Test
    void aSubscriberThatThrowsIsCancelled() {
        Probe probe = subscribe(ReadOptions.DEFAULT, p -> {
            throw new IllegalStateException("broken subscriber");
        });
        probe.subscription.request(10);
        await().until(() -> probe.events.size() == 1);
        await().during(Duration.ofMillis(100)).until(() -> probe.events.size() == 1 && probe.ended.get() == 0);
    }

    @Test
    void aFailureIsOneOnError() {
        node.faults((method, path) -> Fault.UNAVAILABLE);
        Probe probe = subscribe(ReadOptions.DEFAULT, p -> {});
        probe.subscription.request(1);
        await().until(() -> probe.ended.get() == 1);
        assertThat(probe.error).isInstanceOf(UnavailableException.class);
    }

    @Test
    void subscribersReadOnTheirOwn() {
        Flow.Publisher<Event> publisher = millrace.publish("orders", ReadOptions.DEFAULT);
        Probe slow = new Probe(p -> {});
        Probe fast = new Probe(p -> {});
        publisher.subscribe(slow);
        publisher.subscribe(fast);
        slow.subscription.request(1);
        fast.subscription.request(Long.MAX_VALUE);
        await().until(() -> fast.ended.get() == 1 && slow.events.size() == 1);
        assertThat(fast.events).hasSize(1_000);
        slow.subscription.cancel();
    }

    @Test
    void followsLive() {
        Probe probe = subscribe(ReadOptions.DEFAULT.follow(true), p -> {});
        probe.subscription.request(Long.MAX_VALUE);
        await().until(() -> probe.events.size() == 1_000);
        millrace.put("orders", "live");
        await().until(() -> probe.events.size() == 1_001);
        probe.subscription.cancel();
    }

    @Test
    void aMissingSubscriberIsRefusedRule19() {
        Assertions.assertThatNullPointerException()
                .isThrownBy(
                        () -> millrace.publish("orders", ReadOptions.DEFAULT).subscribe(null));
    }
}
