package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRanges;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a handler emits for one batch, as appends for each queue. All that one source event (or the batch as a whole)
 * emits into a queue stands in one append, and no later append goes back behind an earlier one: the queue's high-water mark
 * must never cut what belongs together, nor take what comes out of order for a repetition (design D5).
 */
final class Output {
    /** Where an append is full, bytes of JSON; it is only cut between source events. */
    private static final int APPEND_BYTES = 1 << 20;

    private static final int COMPRESS_FROM = 64 << 10;

    /** What one batch may emit in all, bytes of JSON: four of the largest appends. */
    private static final long MAX_BYTES = 4L * Limits.REQUEST_BYTES;

    private final RunRef run;
    private final RunInfo info;
    private final Event first;
    private final Event last;
    private final Map<QueueName, List<NewEvent>> emitted = new LinkedHashMap<>();
    private long bytes;
    private boolean closed;

    /** @param batch what the handler gets; at least one, of one queue and in order */
    Output(RunRef run, RunInfo info, List<Event> batch) {
        this(run, info, batch.get(0), batch.get(batch.size() - 1));
    }

    /** The events from {@code first} to {@code last} of one queue. */
    Output(RunRef run, RunInfo info, Event first, Event last) {
        this.run = run;
        this.info = info;
        this.first = first;
        this.last = last;
    }

    /** What a handler gets to emit into: without more it names the whole batch as parents. */
    Emitter emitter(List<Event> batch) {
        long source = batch.stream().mapToLong(Event::sourceTimestamp).min().orElse(first.sourceTimestamp());
        return emitter(
                Correlation.of(first.queue(), first.eid(), last.eid(), batch.size()), source, Trace.shared(batch));
    }

    /**
     * As {@link #emitter(List)} for a part of the events.
     *
     * @param source the least source timestamp of that part
     * @param trace the one trace that all of it stands in, if it does
     */
    Emitter emitter(Correlation parents, long source, @Nullable Trace trace) {
        return new Parented(parents, source, trace);
    }

    /** The appends, by queue, each list to be done in its order. Nothing more can be emitted then. */
    Map<QueueName, List<Append>> appends() {
        closed = true;
        Map<QueueName, List<Append>> all = new LinkedHashMap<>();
        emitted.forEach((queue, events) -> all.put(queue, cut(events)));
        return all;
    }

    private List<Append> cut(List<NewEvent> events) {
        String[] leastParent = new String[events.size()];
        for (int i = events.size() - 1; i >= 0; i--) {
            // The first: what names several parents stays with all that they emit.
            String parent = firstParent(events.get(i));
            leastParent[i] =
                    i + 1 == events.size() || parent.compareTo(leastParent[i + 1]) < 0 ? parent : leastParent[i + 1];
        }
        List<Append> appends = new ArrayList<>();
        BlockWriter writer = new BlockWriter(run.owner().value());
        ParentRanges ranges = new ParentRanges();
        String greatest = "";
        for (int i = 0; i < events.size(); i++) {
            NewEvent event = events.get(i);
            if (writer.rawLength() >= APPEND_BYTES && greatest.compareTo(leastParent[i]) < 0) {
                appends.add(append(writer, ranges));
                ranges = new ParentRanges();
            }
            if (!writer.fits(event)) {
                throw new IllegalArgumentException(
                        "one source event, or several out of their order, emit more into one queue than an append takes:"
                                + " 16 MiB, 100,000 events");
            }
            writer.add(event);
            ranges.add(event.correlation());
            String parent = lastParent(event);
            greatest = parent.compareTo(greatest) > 0 ? parent : greatest;
        }
        appends.add(append(writer, ranges));
        return appends;
    }

    private Append append(BlockWriter writer, ParentRanges ranges) {
        return new Append(List.of(writer.build(writer.rawLength() >= COMPRESS_FROM)), null, run, ranges.toList());
    }

    private static String firstParent(NewEvent event) {
        return Objects.requireNonNull(event.correlation()).start();
    }

    private static String lastParent(NewEvent event) {
        return Objects.requireNonNull(event.correlation()).last();
    }

    private void add(QueueName queue, NewEvent event) {
        if (closed) {
            throw new IllegalStateException("the handler has returned; what it emits now would be lost");
        }
        bytes += event.encodedBound();
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("one batch emits more than " + MAX_BYTES + " bytes; make it smaller");
        }
        emitted.computeIfAbsent(queue, name -> new ArrayList<>()).add(event);
    }

    private final class Parented implements Emitter {
        private final Correlation parents;
        private final long source;
        private final @Nullable Trace trace;

        Parented(Correlation parents, long source, @Nullable Trace of) {
            this.parents = parents;
            this.source = source;
            this.trace = of == null ? null : of.child(run.bot().value(), parents);
        }

        @Override
        public void emit(String queue, @Nullable Object payload) {
            NewEvent event = new NewEvent(Payload.of(payload), parents, source, null).in(trace);
            if (event.encodedBound() > Limits.EVENT_BYTES) {
                throw new IllegalArgumentException("an event is at most " + Limits.EVENT_BYTES + " bytes");
            }
            add(QueueName.of(queue), event);
        }

        @Override
        public Emitter from(Event event) {
            boolean isOfBatch = event.queue().equals(first.queue())
                    && event.eid().compareTo(first.eid()) >= 0
                    && event.eid().compareTo(last.eid()) <= 0;
            if (!isOfBatch) {
                // Its output would lie behind the queue's mark and be dropped as a repetition.
                throw new IllegalArgumentException("the parent is not an event of this batch");
            }
            return new Parented(event.asParent(), event.sourceTimestamp(), event.trace());
        }

        @Override
        public RunInfo run() {
            return info;
        }
    }
}
