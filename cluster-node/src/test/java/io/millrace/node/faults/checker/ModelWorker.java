package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Operation.Append;
import io.millrace.node.faults.history.Pipeline;
import io.millrace.node.faults.history.RunOf;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bot of the model and whoever runs it: a worker whose requests the history tells, or (without a name) a Java handler,
 * of which it tells less.
 */
final class ModelWorker {
    private final ModelBus bus;
    private final Pipeline pipeline;
    private final @Nullable String worker;
    private final String source;
    private long epoch;
    private @Nullable RunOf run;
    private @Nullable RunOf zombie;
    private long validUntil;
    private int handled;
    private int written;
    private int checkpoint;

    ModelWorker(ModelBus bus, Pipeline pipeline, @Nullable String worker) {
        this.bus = bus;
        this.pipeline = pipeline;
        this.worker = worker;
        this.source = pipeline.sources().get(0);
    }

    void step() {
        if (run == null) {
            grant();
            return;
        }
        switch (bus.random.nextInt(8)) {
            case 0 -> die();
            case 1 -> beat();
            case 2 -> moveCheckpoint();
            case 3 -> reset();
            case 4 -> lateEffect();
            case 5 -> look();
            default -> handle();
        }
    }

    void finish() {
        if (run == null) {
            grant();
        }
        while (written < bus.queue(source).size()) {
            handle();
        }
        moveCheckpoint();
        bus.pass(ModelBus.SECOND);
        bus.write(new Operation.FinalBot(
                bus.ok("ending"),
                pipeline.bot(),
                epoch,
                Map.of(source, bus.position(source, checkpoint)),
                Map.of(source, 0L)));
    }

    private void grant() {
        epoch++;
        run = new RunOf(pipeline.bot(), "run-" + epoch, epoch);
        handled = checkpoint;
        Call call = asked();
        validUntil = worker == null ? 0 : call.from() + 15 * ModelBus.SECOND;
        bus.write(new Operation.Granted(call, run, who(), validUntil));
    }

    /** One after the other: a worker waits for the answer. */
    private Call asked() {
        Call call = bus.ok(who());
        bus.pass(60_000_000);
        return call;
    }

    private String who() {
        return worker == null ? "n1" : worker;
    }

    /** The lease ends because the holder gave it back, or was silent for long enough. */
    private void die() {
        if (worker != null && bus.random.nextBoolean()) {
            Call call = bus.random.nextBoolean() ? bus.unknown(who()) : bus.ok(who());
            bus.pass(60_000_000);
            bus.write(new Operation.Completed(call, run, "error", Map.of()));
        } else {
            bus.pass(16 * ModelBus.SECOND);
        }
        zombie = run;
        run = null;
    }

    private void beat() {
        if (worker != null) {
            Call call = asked();
            validUntil = call.from() + 15 * ModelBus.SECOND;
            bus.write(new Operation.Heartbeat(call, run, false, validUntil));
        }
    }

    private void moveCheckpoint() {
        checkpoint = Math.max(checkpoint, Math.min(written, handled));
        if (worker != null && checkpoint > 0) {
            bus.write(new Operation.Checkpointed(asked(), run, source, bus.position(source, checkpoint)));
        }
    }

    private void look() {
        bus.write(new Operation.BotSeen(
                bus.ok("w"), pipeline.bot(), epoch, Map.of(source, bus.position(source, checkpoint))));
        bus.pass(60_000_000);
    }

    private void reset() {
        if (worker == null || bus.random.nextInt(4) > 0) {
            return;
        }
        Call call = bus.ok("admin");
        bus.pass(60_000_000);
        checkpoint = checkpoint == 0 ? 0 : bus.random.nextInt(checkpoint + 1);
        written = checkpoint;
        bus.write(new Operation.Reset(call, pipeline.bot(), source, bus.position(source, checkpoint)));
        epoch++;
        zombie = run;
        run = null;
    }

    /** A run that is over tries again; a Java handler may even handle, to no effect. */
    private void lateEffect() {
        if (zombie == null || bus.queue(source).isEmpty()) {
            return;
        }
        if (worker == null) {
            FinalEvent event = bus.queue(source).get(0);
            bus.write(new Operation.Handled(bus.ok(who()), zombie, source, List.of(seen(event))));
        } else {
            Call call = bus.refused(who(), "stale-run");
            bus.write(new Append(call, pipeline.target(), null, 0, zombie, List.of("stale-" + bus.now()), null, null));
            bus.write(new Operation.Heartbeat(bus.refused(who(), "stale-run"), zombie, false, 0));
        }
    }

    private void handle() {
        int size = bus.queue(source).size();
        int end = Math.min(size, handled + 1 + bus.random.nextInt(6));
        if (pipeline.shape() == Pipeline.Shape.REDUCE && handled < written) {
            end = written;
        }
        if (end == handled) {
            return;
        }
        List<FinalEvent> batch = List.copyOf(bus.queue(source).subList(handled, end));
        bus.write(new Operation.Handled(
                asked(), run, source, batch.stream().map(ModelWorker::seen).toList()));
        emit(batch, handled);
        handled = end;
    }

    private void emit(List<FinalEvent> batch, int start) {
        Call call = bus.random.nextInt(5) == 0 ? bus.unknown(who()) : bus.ok(who());
        bus.pass(60_000_000);
        List<String> values = new ArrayList<>();
        EventId first = null;
        EventId last = null;
        for (List<FinalEvent> parents : groups(batch)) {
            String value = pipeline.target() + "<" + parents.get(0).value() + "+" + parents.size();
            values.add(value);
            // What an earlier run wrote is dropped by the queue's mark.
            if (start + batch.indexOf(parents.get(0)) >= written) {
                last = bus.nextId();
                first = first == null ? last : first;
                bus.queue(pipeline.target()).add(output(last, value, parents));
            }
        }
        written = Math.max(written, start + batch.size());
        if (worker != null) {
            boolean known = call.problem() == null;
            bus.write(new Append(
                    call, pipeline.target(), null, 0, run, values, known ? first : null, known ? last : null));
        }
    }

    private List<List<FinalEvent>> groups(List<FinalEvent> batch) {
        return pipeline.shape() == Pipeline.Shape.REDUCE
                ? List.of(batch)
                : batch.stream().map(List::of).toList();
    }

    private FinalEvent output(EventId id, String value, List<FinalEvent> parents) {
        String start = parents.get(0).eid().toString();
        String end = parents.get(parents.size() - 1).eid().toString();
        Correlation correlation = new Correlation(source, start, parents.size() == 1 ? null : end, parents.size());
        return new FinalEvent(
                id,
                value,
                pipeline.bot(),
                correlation,
                parents.stream().map(FinalEvent::value).toList());
    }

    private static Seen seen(FinalEvent event) {
        return new Seen(event.eid(), event.value());
    }
}
