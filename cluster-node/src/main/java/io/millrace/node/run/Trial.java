package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.handler.RejectedEventException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way through a handler, in parts: what fails is halved, and the half that is left when its other half went
 * well is known to hold the event that fails and isn't tried whole again. Whoever calls the handler asks for the next part and
 * says what came of it. Used by one thread at a time.
 */
final class Trial {
    private final Trials trials;
    private final Deque<Part> parts = new ArrayDeque<>();
    private @Nullable Part current;
    private @Nullable Barrier barrier;

    Trial(Trials trials, List<Batch> apart) {
        this.trials = trials;
        apart.forEach(batch -> parts.add(new Part(batch, false)));
    }

    /** What the handler is to be called with now; null at the end, or at the {@link #barrier}. */
    @Nullable
    Batch next() {
        while (barrier == null && !parts.isEmpty()) {
            Part part = parts.removeFirst();
            if (part.isBad && part.batch.events().size() > 1) {
                split(part.batch);
            } else if (trials.mustAsk(part.batch)) {
                bar(part.batch, part.batch.last(), null, false, null);
            } else {
                current = part;
                return part.batch;
            }
        }
        return null;
    }

    /** The event that can't be passed, once the parts before it are through. */
    Optional<Passage> barrier() {
        return Optional.ofNullable(barrier);
    }

    /** The part went well. */
    void succeeded() {
        Part part = Objects.requireNonNull(current);
        Batch batch = part.batch;
        if (batch.events().size() == 1) {
            trials.single(batch.last().eid());
        }
        Part next = parts.peekFirst();
        if (part.isHalf && next != null && next.isHalf) {
            next.isBad = true; // its other half went well
        }
    }

    /** Nothing of the part is done. */
    void failed(Throwable failure) {
        Batch batch = Objects.requireNonNull(current).batch;
        EventId named = failure instanceof RejectedEventException rejected ? rejected.eid() : null;
        if (batch.events().size() == 1) {
            boolean rejected = failure instanceof RejectedEventException && (named == null || batch.has(named));
            bar(batch, batch.last(), failure, rejected, null);
        } else if (named != null && batch.has(named)) {
            List<Batch> cut = batch.around(named);
            for (int i = cut.size() - 1; i >= 0; i--) {
                parts.addFirst(new Part(cut.get(i), false));
            }
        } else {
            split(batch);
        }
    }

    /** The part's events before this index are done; this one, says the handler, is to come again or never will be. */
    void stopped(int index, EventResult result) {
        Batch batch = Objects.requireNonNull(current).batch;
        Event event = batch.events().get(index);
        if (result instanceof EventResult.Retry retry) {
            bar(batch, event, new NotDone(retry.why()), false, retry.after());
        } else if (result instanceof EventResult.Reject reject) {
            bar(batch, event, new NotDone(reject.why()), true, null);
        } else {
            throw new IllegalArgumentException("not what stops anything: " + result);
        }
    }

    private void bar(Batch batch, Event event, @Nullable Throwable failure, boolean rejected, @Nullable Duration wait) {
        Finding finding = new Finding(batch.queue(), event, batch.takenAt(), failure, rejected, wait);
        barrier = new Barrier(new FoundException(finding));
        trials.bar();
    }

    private void split(Batch batch) {
        Part next = parts.peekFirst();
        if (next != null) {
            next.isHalf = false; // the failure is explained: what comes behind may be all right
        }
        int middle = (batch.events().size() + 1) / 2;
        parts.addFirst(new Part(batch.from(middle), true));
        parts.addFirst(new Part(batch.upTo(middle), true));
    }

    /** A handler's word about one event: where it was said tells nothing. */
    private static final class NotDone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotDone(String why) {
            super(why, null, false, false);
        }
    }

    /** A part of a batch that is to be handled. */
    private static final class Part {
        final Batch batch;
        /** Whether it is one of two halves of what failed. */
        boolean isHalf;
        /** Whether an event in it is known to fail. */
        boolean isBad;

        Part(Batch batch, boolean isHalf) {
            this.batch = batch;
            this.isHalf = isHalf;
        }
    }
}
