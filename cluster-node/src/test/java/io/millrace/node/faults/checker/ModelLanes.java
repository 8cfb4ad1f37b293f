package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Pipeline;
import io.millrace.node.faults.history.RunOf;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.Correlation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A java bot of the model with a lane for each of a few keys, each of which goes its own way through the source. */
final class ModelLanes {
    private final ModelBus bus;
    private final Pipeline pipeline;
    private final String source;
    /** What isn't handled, in the source's order. */
    private final List<FinalEvent> left = new ArrayList<>();

    private int seen;
    private int runs;

    ModelLanes(ModelBus bus, Pipeline pipeline) {
        this.bus = bus;
        this.pipeline = pipeline;
        this.source = pipeline.sources().get(0);
    }

    /** Up to three events of one key. */
    void step() {
        left.addAll(bus.queue(source).subList(seen, bus.queue(source).size()));
        seen = bus.queue(source).size();
        if (left.isEmpty()) {
            return;
        }
        String key = Lots.key(left.get(bus.random.nextInt(left.size())).value());
        List<FinalEvent> batch = left.stream()
                .filter(event -> Lots.key(event.value()).equals(key))
                .limit(1 + bus.random.nextInt(3))
                .toList();
        left.removeAll(batch);
        runs++;
        bus.write(new Operation.Handled(
                bus.ok("n1"),
                RunOf.lane(pipeline.bot(), "run-" + runs, "run-" + runs, 1 + bus.random.nextInt(3)),
                source,
                batch.stream()
                        .map(event -> new Seen(event.eid(), event.value()))
                        .toList()));
        bus.pass(60_000_000);
        for (FinalEvent event : batch) {
            bus.queue(pipeline.target())
                    .add(new FinalEvent(
                            bus.nextId(),
                            pipeline.target() + "<" + event.value(),
                            pipeline.bot(),
                            new Correlation(source, event.eid().toString(), null, 1),
                            List.of(event.value())));
        }
    }

    void finish() {
        do {
            step();
        } while (!left.isEmpty() || seen < bus.queue(source).size());
        bus.pass(ModelBus.SECOND);
        bus.write(new Operation.FinalBot(
                bus.ok("ending"), pipeline.bot(), runs, Map.of(source, bus.position(source, seen)), Map.of()));
    }
}
