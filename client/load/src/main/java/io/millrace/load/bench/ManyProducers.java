package io.millrace.load.bench;

import io.millrace.client.EventReader;
import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import java.util.List;

/** W1 by 16 loaders into one queue; read back, each one's events stand in its order, all of them, once. */
final class ManyProducers implements Workload {
    private static final int PRODUCERS = 16;
    private static final int EVENTS = 1_000_000;
    private static final int BUFFER_BYTES = 8 << 20; // 16 of them live in one heap

    private final Stage stage;

    ManyProducers(Stage stage) {
        this.stage = stage;
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        int each = Math.max(1, stage.options().events(EVENTS) / PRODUCERS);
        String queue = stage.queue("producers-" + rep);
        LoadOptions options = stage.options().load().bufferBytes(Math.max(BUFFER_BYTES, stage.options().batchBytes));
        Meter meter = stage.meter();
        Together.each(PRODUCERS, producer -> {
            try (Loader loader = stage.millrace().load(queue, options)) {
                for (int i = 0; i < each; i++) {
                    loader.add(stage.events().event((long) producer * each + i));
                }
            }
        });
        Usage usage = meter.stop();
        long events = (long) each * PRODUCERS;
        Result result = new Result("W1-producers" + PRODUCERS, rep)
                .usage(usage, events)
                .throughput(events, stage.events().size(), usage);
        read(queue, each).tell(result, events);
        stage.purge(queue);
        return List.of(result);
    }

    private Reading read(String queue, int each) {
        long[] next = new long[PRODUCERS];
        long events = 0;
        long misplaced = 0;
        try (EventReader reader = stage.millrace().read(queue)) {
            while (reader.hasNext()) {
                long id = stage.events().id(reader.next().payload());
                events++;
                int producer = (int) (id / each);
                if (producer >= PRODUCERS || id % each != next[producer]++) {
                    misplaced++;
                }
            }
        }
        return new Reading(events, misplaced);
    }
}
