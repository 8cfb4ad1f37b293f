package io.millrace.load.bench;

import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** W1 into several queues at once, a loader and a thread for each; all are read back. */
final class Scale implements Workload {
    private static final int EVENTS = 1_000_000;

    private final Stage stage;
    private final int queues;

    Scale(Stage stage, int queues) {
        this.stage = stage;
        this.queues = queues;
    }

    @Override
    public boolean warmUp(int round) throws InterruptedException {
        run(stage.options().warm(EVENTS / 5), -round);
        return true;
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        return List.of(run(stage.options().events(EVENTS), rep));
    }

    private Result run(int n, int rep) throws InterruptedException {
        int each = Math.max(1, n / queues);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < queues; i++) {
            names.add(stage.queue("scale-" + queues + "-" + rep + "-" + i));
        }
        List<Millrace> clients = clients();
        Meter meter = stage.meter();
        Together.each(queues, i -> {
            try (Loader loader = clients.get(i % clients.size())
                    .load(names.get(i), stage.options().load())) {
                for (int id = 0; id < each; id++) {
                    loader.add(stage.events().event(id));
                }
            }
        });
        Usage usage = meter.stop();
        clients.forEach(Millrace::close);
        long events = (long) each * queues;
        Result result = new Result("W1-queues" + queues, rep)
                .put("nodes", clients.size())
                .usage(usage, events)
                .throughput(events, stage.events().size(), usage);
        for (String queue : names) {
            Reading.undecoded(stage.millrace(), queue, stage.events()).tell(result, each);
        }
        stage.purge(names.toArray(String[]::new));
        return result;
    }

    /** One for each node, because a client uses the first node that answers for everything. */
    private List<Millrace> clients() {
        List<Millrace> clients = new ArrayList<>();
        List<URI> rotated = new ArrayList<>(stage.bus().urls());
        for (int i = 0; i < stage.bus().urls().size(); i++) {
            clients.add(Millrace.connect(rotated.toArray(URI[]::new)));
            Collections.rotate(rotated, 1);
        }
        return clients;
    }
}
