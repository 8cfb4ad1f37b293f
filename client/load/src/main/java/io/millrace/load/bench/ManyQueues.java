package io.millrace.load.bench;

import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** W5: so many queues made and one event put into each, a hundred at a time as with the peers; then the memory they take. */
final class ManyQueues implements Workload {
    private static final int CHUNK = 100;
    private static final int CALLERS = 16;
    private static final int CHECKED = 50;
    private static final int WARM = 1_000;

    private final Stage stage;
    private final int n;

    ManyQueues(Stage stage, int n) {
        this.stage = stage;
        this.n = n;
    }

    @Override
    public boolean warmUp(int round) throws InterruptedException {
        measure(-round, Math.min(n, WARM));
        return true;
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        return List.of(measure(rep, n));
    }

    private Result measure(int rep, int n) throws InterruptedException {
        Result result = new Result("W5-" + n, rep)
                .put("rssBeforeMb", stage.meter().stop().serverRssMb());
        long creating = 0;
        long writing = 0;
        Meter meter = stage.meter();
        for (int from = 0; from < n; from += CHUNK) {
            List<String> queues = new ArrayList<>();
            for (int i = from; i < Math.min(n, from + CHUNK); i++) {
                queues.add(name(rep, i));
            }
            long start = System.nanoTime();
            Together.share(
                    CALLERS, queues.size(), i -> stage.millrace().queues().create(queues.get(i)));
            long made = System.nanoTime();
            CompletableFuture.allOf(queues.stream()
                            .map(queue -> stage.millrace()
                                    .putAsync(queue, stage.events().event(0))
                                    .toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
            creating += made - start;
            writing += System.nanoTime() - made;
        }
        Usage usage = meter.stop();
        result.put("created", n)
                .put("written", n)
                .put("createSeconds", creating / 1e9)
                .put("writeSeconds", writing / 1e9)
                .usage(usage, 0)
                .put("queuesPerSecond", n / usage.seconds())
                .put("serverFds", usage.serverFiles());
        for (int i = 0; i < n; i += Math.max(1, n / CHECKED)) {
            Reading.undecoded(stage.millrace(), name(rep, i), stage.events()).tell(result, 1);
        }
        return result;
    }

    private String name(int rep, int number) {
        return stage.name("w5-" + n + "-" + rep + "-" + number);
    }
}
