package io.millrace.client;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Publishes a read: each subscriber gets one of its own, at the pace that it asks for. */
final class EventPublisher implements Flow.Publisher<io.millrace.protocol.Event> {
    private final Supplier<PageStream> reads;
    private final long mostBytes;
    private final Executor executor;

    EventPublisher(Supplier<PageStream> reads, long mostBytes, Executor executor) {
        this.reads = reads;
        this.mostBytes = mostBytes;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super io.millrace.protocol.Event> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new EventSubscription(reads.get(), mostBytes, executor, subscriber).begin();
    }
}
