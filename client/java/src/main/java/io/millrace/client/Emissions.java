package io.millrace.client;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a handler emits for one batch, packed into requests: per queue in the order of the sources, and never what one
 * source event gave split over two requests, because the receiving queue drops what lies at or below the last source.
 */
final class Emissions {
    /** Bytes that one batch may emit. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int WORTH_COMPRESSING = 1_024;

    /** One request. */
    record Request(QueueName queue, Block block) {}

    private record Emitted(NewEvent event, EventId parent) {
        boolean hasManyParents() {
            Correlation correlation = event.correlation();
            return correlation != null && correlation.units() > 1;
        }
    }

    private final Map<QueueName, List<Emitted>> byQueue = new LinkedHashMap<>();
    private final RunInfo run;
    private long bytes;
    private boolean closed;

    Emissions(RunInfo run) {
        this.run = run;
    }

    /** Takes what is emitted for {@code parents}, events of one queue in order; none where nothing was read. */
    Emitter emitter(List<Event> parents) {
        return new ParentsEmitter(parents);
    }

    /** Takes nothing more: the handler has returned. */
    synchronized void close() {
        closed = true;
    }

    private synchronized void add(QueueName queue, NewEvent event, EventId parent) {
        if (closed) {
            throw new IllegalStateException("the handler has returned: what it emits now belongs to no batch");
        }
        bytes += event.encodedBound();
        if (bytes > MOST_BYTES) {
            throw new IllegalStateException("a batch may emit at most " + MOST_BYTES + " bytes");
        }
        byQueue.computeIfAbsent(queue, q -> new ArrayList<>()).add(new Emitted(event, parent));
    }

    /**
     * The requests, those of one queue to be sent one after the other.
     *
     * @throws IllegalStateException if what one event gave doesn't fit into one request
     */
    Map<QueueName, List<Request>> requests() {
        Map<QueueName, List<Request>> requests = new LinkedHashMap<>();
        byQueue.forEach((queue, emitted) -> requests.put(queue, requests(queue, emitted)));
        return requests;
    }

    private List<Request> requests(QueueName queue, List<Emitted> emitted) {
        if (fits(emitted)) {
            return List.of(request(queue, emitted));
        }
        if (emitted.stream().anyMatch(Emitted::hasManyParents)) {
            // Cut anywhere, a part of it would go over the edge of what the queue then has.
            throw tooMuch("a batch", queue);
        }
        List<Emitted> ordered = new ArrayList<>(emitted);
        ordered.sort(Comparator.comparing(Emitted::parent));
        List<Request> requests = new ArrayList<>();
        List<Emitted> packed = new ArrayList<>();
        for (int from = 0, to; from < ordered.size(); from = to) {
            to = from + 1;
            while (to < ordered.size() && ordered.get(to).parent.equals(ordered.get(from).parent)) {
                to++;
            }
            List<Emitted> ofOneSource = ordered.subList(from, to);
            if (!fits(ofOneSource)) {
                throw tooMuch("one event", queue);
            }
            packed.addAll(ofOneSource);
            if (!fits(packed)) {
                requests.add(request(queue, packed.subList(0, packed.size() - ofOneSource.size())));
                packed = new ArrayList<>(ofOneSource);
            }
        }
        requests.add(request(queue, packed));
        return requests;
    }

    private static IllegalStateException tooMuch(String source, QueueName queue) {
        return new IllegalStateException("what is emitted for " + source + " into queue " + queue
                + " must fit into one request: " + Limits.REQUEST_EVENTS + " events, " + Limits.REQUEST_BYTES
                + " bytes");
    }

    private static boolean fits(List<Emitted> emitted) {
        long size = 0;
        for (Emitted one : emitted) {
            size += one.event.encodedBound();
        }
        return emitted.size() <= Limits.REQUEST_EVENTS && size <= Limits.REQUEST_BYTES;
    }

    private Request request(QueueName queue, List<Emitted> emitted) {
        BlockWriter writer = new BlockWriter(run.bot());
        emitted.forEach(one -> writer.add(one.event));
        return new Request(queue, writer.build(writer.rawLength() > WORTH_COMPRESSING));
    }

    private final class ParentsEmitter implements Emitter {
        private final List<Event> parents;
        private final EventId last;
        private final @Nullable Long source;
        private final @Nullable Trace trace;
        private @Nullable Correlation correlation;

        ParentsEmitter(List<Event> parents) {
            this.parents = parents;
            this.last = parents.isEmpty()
                    ? EventId.MIN
                    : parents.get(parents.size() - 1).eid();
            Long earliest = null;
            for (Event parent : parents) {
                earliest = earliest == null ? parent.sourceTimestamp() : Math.min(earliest, parent.sourceTimestamp());
            }
            this.source = earliest;
            Trace shared = Trace.shared(parents);
            Correlation from = correlation();
            this.trace = shared == null || from == null ? null : shared.child(run.bot(), from);
        }

        @Override
        public void emit(String queue, @Nullable Object payload) {
            NewEvent event = new NewEvent(Payload.of(payload), correlation(), source, null).in(trace);
            if (event.encodedBound() > Limits.EVENT_BYTES) {
                throw new IllegalArgumentException("an event is at most " + Limits.EVENT_BYTES + " bytes");
            }
            add(QueueName.of(queue), event, last);
        }

        private @Nullable Correlation correlation() {
            if (correlation == null && !parents.isEmpty()) {
                Event first = parents.get(0);
                correlation = Correlation.of(first.queue(), first.eid(), last, parents.size());
            }
            return correlation;
        }

        @Override
        public Emitter from(Event event) {
            return new ParentsEmitter(List.of(event));
        }

        @Override
        public RunInfo run() {
            return run;
        }
    }
}
