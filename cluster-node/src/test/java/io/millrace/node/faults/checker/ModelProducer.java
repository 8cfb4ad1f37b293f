package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Operation.Append;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends batches of unique values to one queue of the model; with a producer's sequence it repeats until it knows. */
final class ModelProducer {
    private final ModelBus bus;
    private final String name;
    private final String queue;
    private final boolean numbered;
    private long sequence;
    private int values;
    private List<String> batch = List.of();
    private @Nullable EventId first;
    private @Nullable EventId last;

    ModelProducer(ModelBus bus, String name, String queue, boolean numbered) {
        this.bus = bus;
        this.name = name;
        this.queue = queue;
        this.numbered = numbered;
    }

    void step() {
        if (batch.isEmpty()) {
            begin();
        }
        int dice = bus.random.nextInt(10);
        if (dice < 6) {
            acknowledged();
        } else if (dice < 7) {
            take();
            write(bus.unknown(name), null, null);
            giveUp();
        } else if (dice < 8) {
            write(bus.unknown(name), null, null);
            giveUp();
        } else {
            write(bus.refused(name, "busy"), null, null);
            giveUp();
        }
    }

    /** An append that is known to be there. */
    void finish() {
        if (batch.isEmpty()) {
            begin();
        }
        bus.pass(ModelBus.SECOND);
        acknowledged();
    }

    private void begin() {
        List<String> next = new ArrayList<>();
        int size = 1 + bus.random.nextInt(4);
        for (int i = 0; i < size; i++) {
            next.add(name + "-" + ++values);
        }
        batch = next;
        first = null;
        sequence++;
    }

    private void acknowledged() {
        Call call = bus.ok(name);
        take();
        write(call, first, last);
        batch = List.of();
        // A client sends its next request after the answer.
        bus.pass(60_000_000);
    }

    private void take() {
        if (first != null) {
            return;
        }
        for (String value : batch) {
            EventId id = bus.nextId();
            first = first == null ? id : first;
            last = id;
            bus.queue(queue).add(FinalEvent.source(id, value));
        }
    }

    private void giveUp() {
        batch = numbered ? batch : List.of();
    }

    private void write(Call call, @Nullable EventId from, @Nullable EventId to) {
        bus.write(new Append(call, queue, numbered ? name : null, numbered ? sequence : 0, null, batch, from, to));
    }
}
