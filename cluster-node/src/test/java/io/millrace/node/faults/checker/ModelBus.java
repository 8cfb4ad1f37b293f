package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Pipeline;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A bus that does everything right, in a few lists, and clients whose answers get lost: its histories are valid ones. An
 * operation takes effect at one moment; when it began and ended around it is chance.
 */
final class ModelBus {
    static final long SECOND = 1_000_000_000L;
    static final List<String> NODES = List.of("n1", "n2", "n3");
    static final Pipeline COPY = new Pipeline("copier", List.of("in-a"), "out-a", Pipeline.Shape.EACH);
    static final Pipeline REDUCE = new Pipeline("reducer", List.of("in-b"), "out-b", Pipeline.Shape.REDUCE);
    static final Pipeline SPLIT = new Pipeline("spreader", List.of("in-a"), "out-c", Pipeline.Shape.MANY, 2, false);
    static final Pipeline LANES = new Pipeline("laner", List.of("in-b"), "out-d", Pipeline.Shape.EACH, 0, true);
    static final List<String> QUEUES =
            List.of("in-a", "in-b", "out-a", "out-b", "out-c", "out-d", "spreader.dead", "spreader.redrive");

    final Random random;
    final List<Operation> history = new ArrayList<>();
    final Map<String, List<FinalEvent>> queues = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private long now = 5 * SECOND;
    private long lastMillis = 1_700_000_000_000L;
    private int lastPosition;

    ModelBus(Random random) {
        this.random = random;
        QUEUES.forEach(queue -> queues.put(queue, new ArrayList<>()));
    }

    /** A whole run: load, faults, healing, and the reads at its end. */
    static List<Operation> run(long seed, int steps) {
        ModelBus bus = new ModelBus(new Random(seed));
        bus.write(new Operation.Plan(bus.local(), seed, NODES, QUEUES, List.of(COPY, REDUCE, SPLIT, LANES), 60_000));
        List<ModelProducer> producers = List.of(
                new ModelProducer(bus, "c1", "in-a", true),
                new ModelProducer(bus, "c2", "in-a", false),
                new ModelProducer(bus, "c3", "in-b", true),
                new ModelProducer(bus, "c4", "in-b", false));
        ModelWorker worker = new ModelWorker(bus, COPY, "worker");
        ModelWorker reducer = new ModelWorker(bus, REDUCE, null);
        ModelSplitter splitter = new ModelSplitter(bus, SPLIT);
        ModelLanes lanes = new ModelLanes(bus, LANES);
        for (int i = 0; i < steps; i++) {
            int dice = bus.random.nextInt(13);
            if (dice < 4) {
                producers.get(bus.random.nextInt(4)).step();
            } else if (dice < 6) {
                bus.follow();
            } else if (dice == 12) {
                lanes.step();
            } else if (dice > 9) {
                splitter.step();
            } else {
                (dice < 8 ? worker : reducer).step();
            }
        }
        bus.write(new Operation.Fault(bus.local(), "kill owner of queue", "n1", "queue", List.of("queue in-a")));
        bus.write(new Operation.Healed(bus.local(), Operation.Healed.EVERYTHING));
        producers.forEach(ModelProducer::finish);
        worker.finish();
        reducer.finish();
        splitter.finish();
        lanes.finish();
        bus.readEverything();
        return bus.history;
    }

    void write(Operation operation) {
        history.add(operation);
    }

    /** Time goes on; operations that take effect one after the other may still overlap. */
    long tick() {
        now += 1 + random.nextInt(20_000_000);
        return now;
    }

    void pass(long nanos) {
        now += nanos;
    }

    long now() {
        return now;
    }

    Call local() {
        return Call.ok("harness", "", tick(), now);
    }

    /** An operation that takes effect now. */
    Call ok(String client) {
        long at = tick();
        return Call.ok(client, node(), at - random.nextInt(30_000_000), at + random.nextInt(30_000_000));
    }

    Call unknown(String client) {
        Call call = ok(client);
        return Call.unknown(client, call.node(), call.from(), call.to(), "timeout");
    }

    Call refused(String client, String problem) {
        Call call = ok(client);
        return Call.fail(client, call.node(), call.from(), call.to(), problem);
    }

    String node() {
        return NODES.get(random.nextInt(NODES.size()));
    }

    /** Ids for so many events, one after the other. */
    EventId nextId() {
        if (random.nextInt(3) == 0) {
            lastMillis += random.nextInt(50);
        }
        return new EventId(lastMillis, ++lastPosition);
    }

    List<FinalEvent> queue(String name) {
        return queues.get(name);
    }

    private void follow() {
        String queue = QUEUES.get(random.nextInt(QUEUES.size()));
        String reader = queue + "-reader-" + random.nextInt(2);
        int at = readers.getOrDefault(reader, 0);
        List<FinalEvent> events = queue(queue);
        int end = Math.min(events.size(), at + 1 + random.nextInt(15));
        List<Seen> page = events.subList(at, end).stream()
                .map(event -> new Seen(event.eid(), event.value()))
                .toList();
        long at0 = tick();
        Call call = Call.ok(reader, node(), at0, at0 + random.nextInt(19_000_000));
        write(new Operation.Read(call, queue, reader, position(queue, at), page, end == events.size()));
        readers.put(reader, end);
        pass(20_000_000);
    }

    /** Where so many events of a queue have been read. */
    String position(String queue, int count) {
        return count == 0 ? "" : queue(queue).get(count - 1).eid().toString();
    }

    private void readEverything() {
        pass(SECOND);
        for (String node : NODES) {
            for (String queue : QUEUES) {
                List<FinalEvent> events = queue(queue);
                int at = 0;
                do {
                    int end = Math.min(events.size(), at + 50);
                    long from = tick();
                    write(new Operation.FinalRead(
                            Call.ok("ending", node, from, from),
                            queue,
                            position(queue, at),
                            List.copyOf(events.subList(at, end)),
                            end == events.size()));
                    at = end;
                } while (at < events.size());
            }
        }
    }
}
