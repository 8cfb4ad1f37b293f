package io.millrace.load.bench;

import io.millrace.load.Events;
import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Pids;
import io.millrace.load.bus.Usage;
import io.millrace.protocol.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * 200 queues, each with one request of 64 KiB on its way at any time, of letters by chance so that they stay 64 KiB: what
 * ended in an OutOfMemoryError with Cassandra's defaults. Nobody may die of it.
 */
final class ManyRequests implements Workload {
    private static final int QUEUES = 200;
    private static final int EVENT_BYTES = 1 << 10;
    private static final int EVENTS_OF_REQUEST = 64;
    private static final int EVENTS = 10 * QUEUES * EVENTS_OF_REQUEST;

    private final Stage stage;
    private final Events events = Events.of(Events.Note.RANDOM, EVENT_BYTES);

    ManyRequests(Stage stage) {
        this.stage = stage;
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        int requests = Math.max(1, stage.options().events(EVENTS) / (QUEUES * EVENTS_OF_REQUEST));
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            queues.add(stage.name("requests-" + rep + "-" + i)); // made by their first events
        }
        Pids before = stage.bus().pids();
        Meter meter = stage.meter();
        CompletableFuture.allOf(
                        queues.stream().map(queue -> put(queue, 0, requests)).toArray(CompletableFuture<?>[]::new))
                .join();
        Usage usage = meter.stop();
        long each = (long) requests * EVENTS_OF_REQUEST;
        Result result = new Result("W1-queues" + QUEUES + "-64KiB", rep)
                .put("payload", "random")
                .usage(usage, each * QUEUES)
                .throughput(each * QUEUES, EVENT_BYTES, usage);
        Together.share(Runtime.getRuntime().availableProcessors(), QUEUES, i -> check(queues.get(i), each, result));
        if (!before.equals(stage.bus().pids())) {
            result.wrong("a process of the bus has died of it");
        }
        stage.purge(queues.toArray(String[]::new));
        return List.of(result);
    }

    private CompletableFuture<?> put(String queue, int request, int requests) {
        List<NewEvent> batch = new ArrayList<>();
        for (int i = 0; i < EVENTS_OF_REQUEST; i++) {
            batch.add(NewEvent.of(events.event((long) request * EVENTS_OF_REQUEST + i)));
        }
        return stage.millrace()
                .putEventsAsync(queue, batch)
                .toCompletableFuture()
                .thenCompose(taken -> request + 1 < requests
                        ? put(queue, request + 1, requests)
                        : CompletableFuture.completedFuture(null));
    }

    private void check(String queue, long written, Result result) {
        Reading reading = Reading.undecoded(stage.millrace(), queue, events);
        synchronized (result) {
            reading.tell(result, written);
        }
    }
}
