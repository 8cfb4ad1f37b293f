package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRanges;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a handler emits for one batch, as appends for each queue. All that one source event (or the batch as a whole)
 * emits into a queue stands in one append: the queue's high-water mark must never cut it (design D5).
 */
final class Output {
    /** Where an append is full, bytes of JSON; it is only cut between source events. */
    private static final int APPEND_BYTES = 1 << 20;

    private static final int COMPRESS_FROM = 64 << 10;

    private final RunRef run;
    private final RunInfo info;
    private final Map<QueueName, Lane> lanes = new LinkedHashMap<>();

    Output(RunRef run, RunInfo info) {
        this.run = run;
        this.info = info;
    }

    /** What a handler gets to emit into: without more it names all of {@code events} as parents. */
    Emitter emitter(List<Event> events) {
        Event first = events.get(0);
        Event last = events.get(events.size() - 1);
        long source = events.stream().mapToLong(Event::sourceTimestamp).min().orElse(first.sourceTimestamp());
        return new Parented(Correlation.of(first.queue(), first.eid(), last.eid(), events.size()), source);
    }

    /** The appends, by queue, each list to be done in its order. */
    Map<QueueName, List<Append>> appends() {
        Map<QueueName, List<Append>> all = new LinkedHashMap<>();
        lanes.forEach((queue, lane) -> all.put(queue, lane.finish()));
        return all;
    }

    private final class Parented implements Emitter {
        private final Correlation parents;
        private final long source;

        Parented(Correlation parents, long source) {
            this.parents = parents;
            this.source = source;
        }

        @Override
        public void emit(String queue, @Nullable Object payload) {
            NewEvent event = new NewEvent(Payload.of(payload), parents, source, null);
            if (event.encodedBound() > Limits.EVENT_BYTES) {
                throw new IllegalArgumentException("an event is at most " + Limits.EVENT_BYTES + " bytes");
            }
            lanes.computeIfAbsent(QueueName.of(queue), name -> new Lane()).add(event, parents);
        }

        @Override
        public Emitter from(Event event) {
            return new Parented(event.asParent(), event.sourceTimestamp());
        }

        @Override
        public RunInfo run() {
            return info;
        }
    }

    private final class Lane {
        private final List<Append> done = new ArrayList<>();
        private BlockWriter writer = new BlockWriter(run.bot().value());
        private ParentRanges ranges = new ParentRanges();
        private @Nullable Correlation previous;

        void add(NewEvent event, Correlation parents) {
            if (writer.rawLength() >= APPEND_BYTES && !parents.last().equals(previous == null ? "" : previous.last())) {
                cut();
            }
            if (!writer.fits(event)) {
                throw new IllegalArgumentException(
                        "one source event emits more into one queue than an append takes: 16 MiB, 100,000 events");
            }
            writer.add(event);
            ranges.add(parents);
            previous = parents;
        }

        private void cut() {
            boolean compress = writer.rawLength() >= COMPRESS_FROM;
            done.add(new Append(List.of(writer.build(compress)), null, run, ranges.toList()));
            ranges = new ParentRanges();
        }

        List<Append> finish() {
            if (!writer.isEmpty()) {
                cut();
            }
            return done;
        }
    }
}
