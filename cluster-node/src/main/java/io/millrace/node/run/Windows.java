package io.millrace.node.run;

import io.millrace.node.application.RunRef;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.handler.RunInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The windows of one run: at any time one is open in each queue. Confined to one thread at a time. */
final class Windows {
    private final WindowHandler handler;
    private final RunRef run;
    private final RunInfo info;
    private final Function<QueueName, List<EventId>> ends;
    private final Map<QueueName, Open> open = new HashMap<>();

    /** @param ends where windows of a queue must end, because an earlier run's did and were written */
    Windows(WindowHandler handler, RunRef run, RunInfo info, Function<QueueName, List<EventId>> ends) {
        this.handler = handler;
        this.run = run;
        this.info = info;
        this.ends = ends;
    }

    /**
     * Takes events in.
     *
     * @param batch without events it says that none stood in the queue when it was taken
     * @return the windows that are over with it, at most one
     */
    List<Handled> take(Batch batch) {
        List<Open> over = new ArrayList<>();
        Open current = open.get(batch.queue());
        List<EventId> cuts = batch.events().isEmpty() ? List.of() : ends.apply(batch.queue());
        for (Event event : batch.events()) {
            if (current != null && (!current.window.takes(event) || current.isCutBefore(event, cuts))) {
                over.add(current);
                current = null;
            }
            if (current == null) {
                current = new Open(handler.open(event), event);
            }
            current.add(event);
            if (current.window.isOver(Long.MIN_VALUE)) {
                over.add(current);
                current = null;
            }
        }
        if (current != null && batch.events().isEmpty() && current.window.isOver(batch.takenAt())) {
            over.add(current);
            current = null;
        }
        if (current == null) {
            open.remove(batch.queue());
        } else {
            open.put(batch.queue(), current);
        }
        return over.isEmpty() ? List.of() : List.of(emit(batch, over));
    }

    /** Whether a window is still open that the clock says should be over: reading didn't come to its end. */
    boolean isBehind(long now) {
        return open.values().stream().anyMatch(one -> one.window.isOver(now));
    }

    /** All of them into one output: a thousand small windows are one append. */
    private Handled emit(Batch batch, List<Open> over) {
        Open latest = over.get(over.size() - 1);
        Output output = new Output(run, info, over.get(0).first, latest.last);
        int events = 0;
        for (Open one : over) {
            one.window.emit(output.emitter(one.parents(), one.source, one.trace));
            events += one.events;
        }
        return new Handled(batch.queue(), latest.last, events, batch.takenAt(), output.appends());
    }

    private static final class Open {
        final WindowHandler.Window window;
        final Event first;
        Event last;
        int events;
        long source;

        @Nullable
        Trace trace;

        Open(WindowHandler.Window window, Event first) {
            this.window = window;
            this.first = first;
            this.last = first;
            this.source = first.sourceTimestamp();
            this.trace = first.trace();
        }

        void add(Event event) {
            window.add(event);
            last = event;
            events++;
            source = Math.min(source, event.sourceTimestamp());
            trace = Trace.shared(trace, event.trace());
        }

        boolean isCutBefore(Event next, List<EventId> cuts) {
            return cuts.stream()
                    .anyMatch(cut -> !last.eid().isAfter(cut) && next.eid().isAfter(cut));
        }

        Correlation parents() {
            return Correlation.of(first.queue(), first.eid(), last.eid(), events);
        }
    }

    /** What a run says that ended with nothing done: the next one would fare no better. */
    static IllegalStateException stuck() {
        return new IllegalStateException(
                "the run's time was over before it had read the first window to its end: give it a longer maxDuration or"
                        + " smaller windows");
    }
}
