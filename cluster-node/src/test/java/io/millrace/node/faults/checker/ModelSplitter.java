package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Named;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Pipeline;
import io.millrace.node.faults.history.RunOf;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.Correlation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A java bot of the model that gives some outputs for each event, can't handle poison, and whose dead letters are redriven. */
final class ModelSplitter {
    private final ModelBus bus;
    private final Pipeline pipeline;
    private final Map<String, Integer> reached = new HashMap<>();
    private final Set<String> redriven = new HashSet<>();
    private long epoch;
    private boolean mended;

    ModelSplitter(ModelBus bus, Pipeline pipeline) {
        this.bus = bus;
        this.pipeline = pipeline;
    }

    void step() {
        switch (bus.random.nextInt(6)) {
            case 0 -> epoch++;
            case 1 -> redrive();
            case 2 -> handle(pipeline.redriven());
            default -> handle(pipeline.sources().get(0));
        }
    }

    void finish() {
        handleAll();
        mended = true;
        redriveAll();
        handleAll();
        redriveAll();
        bus.pass(ModelBus.SECOND);
        Map<String, String> checkpoints = new HashMap<>();
        reached.forEach((queue, count) -> checkpoints.put(queue, bus.position(queue, count)));
        bus.write(new Operation.FinalBot(bus.ok("ending"), pipeline.bot(), epoch, checkpoints, Map.of()));
    }

    private void handleAll() {
        for (String queue : List.of(pipeline.sources().get(0), pipeline.redriven())) {
            while (reached(queue) < bus.queue(queue).size()) {
                handle(queue);
            }
        }
    }

    private int reached(String queue) {
        return reached.getOrDefault(queue, 0);
    }

    private void handle(String queue) {
        int from = reached(queue);
        int end = Math.min(bus.queue(queue).size(), from + 1 + bus.random.nextInt(6));
        List<Seen> handled = new ArrayList<>();
        for (int i = from; i < end; i++) {
            FinalEvent event = bus.queue(queue).get(i);
            reached.put(queue, i + 1);
            if (isPoison(queue, event)) {
                String name =
                        Named.of(root(queue, event), Named.DEAD, event.eid().toString());
                add(pipeline.dead(), name, queue, event, List.of());
                break;
            }
            handled.add(new Seen(event.eid(), event.value()));
            for (int n = 1; n <= Lots.spread(pipeline.target(), event.value()); n++) {
                String value = pipeline.target() + "<" + event.value() + "#" + n;
                add(pipeline.target(), value, queue, event, List.of(event.value()));
            }
        }
        if (!handled.isEmpty()) {
            RunOf run = new RunOf(pipeline.bot(), "run-" + epoch, epoch);
            bus.write(new Operation.Handled(call(bus.ok("n1")), run, queue, handled));
        }
    }

    private boolean isPoison(String queue, FinalEvent event) {
        boolean isRedriven = queue.equals(pipeline.redriven());
        return !(isRedriven && (mended || Named.says(event.value(), Named.MENDED)))
                && Lots.isPoison(pipeline.bot(), pipeline.poison(), root(queue, event));
    }

    private String root(String queue, FinalEvent event) {
        return queue.equals(pipeline.redriven()) ? Named.root(event.value()) : event.value();
    }

    private void add(String queue, String value, String source, FinalEvent parent, List<String> parents) {
        Correlation correlation = new Correlation(source, parent.eid().toString(), null, 1);
        bus.queue(queue).add(new FinalEvent(bus.nextId(), value, pipeline.bot(), correlation, parents));
    }

    private List<FinalEvent> waiting() {
        return bus.queue(pipeline.dead()).stream()
                .filter(letter -> !redriven.contains(letter.eid().toString()))
                .toList();
    }

    private void redrive() {
        List<FinalEvent> waiting = waiting();
        if (waiting.isEmpty()) {
            return;
        }
        boolean edited = bus.random.nextBoolean();
        FinalEvent letter = waiting.get(bus.random.nextInt(waiting.size()));
        List<String> letters = List.of(letter.eid().toString());
        Call call = bus.random.nextInt(4) == 0 ? bus.unknown("admin") : bus.ok("admin");
        if (call.problem() != null && bus.random.nextBoolean()) {
            bus.write(new Operation.Redriven(
                    call(bus.refused("admin", "conflict")), pipeline.bot(), letters, edited, 0, false));
            return;
        }
        redrive(letter, edited);
        bus.write(new Operation.Redriven(
                call(call), pipeline.bot(), letters, edited, call.problem() == null ? 1 : 0, false));
    }

    private void redriveAll() {
        List<FinalEvent> waiting = waiting();
        Call call = call(bus.ok("admin"));
        waiting.forEach(letter -> redrive(letter, false));
        bus.write(new Operation.Redriven(call, pipeline.bot(), List.of(), false, waiting.size(), false));
    }

    private void redrive(FinalEvent letter, boolean edited) {
        redriven.add(letter.eid().toString());
        String word = edited ? Named.MENDED : Named.AGAIN;
        String name = Named.of(Named.root(letter.value()), word, letter.eid().toString());
        add(pipeline.redriven(), name, pipeline.dead(), letter, List.of());
    }

    /** One after the other. */
    private Call call(Call call) {
        bus.pass(60_000_000);
        return call;
    }
}
