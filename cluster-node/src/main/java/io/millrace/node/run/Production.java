package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a handler emits in a run that has read nothing. It has no source whose mark would make a repetition harmless, so
 * its appends are numbered as a producer's are, on from those of the runs before: the bot is one producer, since a queue
 * remembers but so many.
 */
final class Production implements Emitter {
    private static final int APPEND_BYTES = 1 << 20;
    private static final int COMPRESS_FROM = 64 << 10;

    /** What one run may emit so, bytes of JSON: four of the largest appends. */
    private static final long MAX_BYTES = 4L * Limits.REQUEST_BYTES;

    private final RunRef run;
    private final RunInfo info;
    private final Map<QueueName, List<NewEvent>> emitted = new LinkedHashMap<>();
    private long bytes;
    private boolean closed;

    Production(RunRef run, RunInfo info) {
        this.run = run;
        this.info = info;
    }

    @Override
    public void emit(String queue, @Nullable Object payload) {
        if (closed) {
            throw new IllegalStateException("the handler has returned; what it emits now would be lost");
        }
        NewEvent event = new NewEvent(Payload.of(payload), null, null, null);
        if (event.encodedBound() > Limits.EVENT_BYTES) {
            throw new IllegalArgumentException("an event is at most " + Limits.EVENT_BYTES + " bytes");
        }
        bytes += event.encodedBound();
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("a run without events emits more than " + MAX_BYTES + " bytes");
        }
        emitted.computeIfAbsent(QueueName.of(queue), name -> new ArrayList<>()).add(event);
    }

    @Override
    public Emitter from(Event event) {
        throw new IllegalArgumentException("the run has read no events that could be parents");
    }

    @Override
    public RunInfo run() {
        return info;
    }

    /** The appends, by queue, each list to be done in its order. Nothing more can be emitted then. */
    Map<QueueName, List<Append>> appends() {
        closed = true;
        Map<QueueName, List<Append>> all = new LinkedHashMap<>();
        emitted.forEach((queue, events) -> all.put(queue, cut(events)));
        return all;
    }

    private List<Append> cut(List<NewEvent> events) {
        List<Append> appends = new ArrayList<>();
        BlockWriter writer = new BlockWriter(run.owner().value());
        boolean any = false;
        for (NewEvent event : events) {
            if (any && (writer.rawLength() >= APPEND_BYTES || !writer.fits(event))) {
                appends.add(append(writer, appends.size() + 1));
                any = false;
            }
            writer.add(event);
            any = true;
        }
        appends.add(append(writer, appends.size() + 1));
        return appends;
    }

    private Append append(BlockWriter writer, int number) {
        return new Append(
                List.of(writer.build(writer.rawLength() >= COMPRESS_FROM)),
                new Append.Sequence(producer(), number),
                run,
                List.of());
    }

    /** As workers name themselves. */
    private ProducerId producer() {
        return ProducerId.of(run.bot());
    }
}
