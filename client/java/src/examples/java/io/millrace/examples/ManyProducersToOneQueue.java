package io.millrace.examples;

import io.millrace.client.Millrace;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Many producers to one queue: each puts when it has something, from wherever it runs. The queue gives the ids, so all
 * readers see one order, in which each producer's events stand as it put them.
 */
public final class ManyProducersToOneQueue {
    private ManyProducersToOneQueue() {}

    /** Puts of several threads share requests; each returns when its event is durable and readable. */
    public static void produce(Millrace bus, String who, int count) {
        for (int i = 0; i < count; i++) {
            bus.put("clicks", Map.of("who", who, "number", i));
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (Millrace bus = Bus.connect(arguments)) {
            ExecutorService producers = Executors.newCachedThreadPool();
            for (String who : new String[] {"Ada", "Grace", "Edsger"}) {
                producers.execute(() -> produce(bus, who, 5));
            }
            producers.shutdown();
            producers.awaitTermination(1, TimeUnit.MINUTES);
            bus.read("clicks").forEach(System.out::println);
        }
    }
}
