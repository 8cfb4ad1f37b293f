package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.handler.RejectedEventException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches to a handler so that one event that fails is found: what fails is halved, the half that is left when its
 * other half went well is known to hold the event and isn't tried whole again. So one event among n costs about log2(n)
 * calls. What stands before it is done; with it, reading stops until somebody has decided.
 *
 * <p>Used by one thread at a time, but for {@link #found}.
 */
final class Trials {
    /** After so many events of a careful run nothing more is to be feared: it is as much as was lost at once. */
    private static final int CAREFUL_EVENTS = 1_000;

    /** Calls the handler with a batch. */
    interface Call {
        Handled handle(Batch batch) throws Exception;
    }

    private final Map<String, EventId> suspects;
    private int carefulLeft;
    private @Nullable EventId permitted;
    private volatile @Nullable Finding found;

    Trials(Caution caution) {
        suspects = new HashMap<>(caution.suspects());
        carefulLeft = caution.careful() ? CAREFUL_EVENTS : 0;
    }

    /** What has stopped the run, if anything has. */
    @Nullable
    Finding found() {
        return found;
    }

    /** Reading begins anew behind what is done: what was found is found again. */
    void again() {
        found = null;
    }

    /** The event that was found may be tried, once. */
    void permit(EventId eid) {
        permitted = eid;
        found = null;
    }

    /** The event that was found is behind. */
    void passed(String queue) {
        suspects.remove(queue);
        found = null;
    }

    /** What came of the batch up to where reading must stop; empty at the end if it must. */
    List<Optional<Handled>> take(Batch batch, Call call) throws Exception {
        List<Optional<Handled>> done = new ArrayList<>();
        if (found != null) {
            return done; // behind what was found; it is read again
        }
        Deque<Part> parts = new ArrayDeque<>();
        for (Batch part : apart(batch)) {
            parts.add(new Part(part, false));
        }
        while (found == null && !parts.isEmpty()) {
            Part part = parts.removeFirst();
            if (part.isBad && part.batch.events().size() > 1) {
                split(part.batch, parts);
            } else if (mustAsk(part.batch)) {
                found = new Finding(part.batch.queue(), part.batch.last(), part.batch.takenAt(), null, false);
            } else {
                attempt(part, parts, call).ifPresent(handled -> done.add(Optional.of(handled)));
            }
        }
        if (found != null) {
            done.add(Optional.empty());
        }
        return done;
    }

    private Optional<Handled> attempt(Part part, Deque<Part> rest, Call call) throws Exception {
        Batch batch = part.batch;
        try {
            Handled handled = call.handle(batch);
            if (batch.events().size() == 1) {
                single(batch.last().eid());
            }
            Part next = rest.peekFirst();
            if (part.isHalf && next != null && next.isHalf) {
                next.isBad = true; // its other half went well
            }
            return Optional.of(handled);
        } catch (InterruptedException e) {
            throw e; // the run was ended from outside
        } catch (Throwable failure) { // a handler may throw anything
            if (Thread.currentThread().isInterrupted()) {
                throw failure;
            }
            failed(part, rest, failure);
            return Optional.empty();
        }
    }

    private void failed(Part part, Deque<Part> rest, Throwable failure) {
        Batch batch = part.batch;
        EventId named = failure instanceof RejectedEventException rejected ? rejected.eid() : null;
        if (batch.events().size() == 1) {
            boolean rejected = failure instanceof RejectedEventException && (named == null || isOf(batch, named));
            found = new Finding(batch.queue(), batch.last(), batch.takenAt(), failure, rejected);
        } else if (named != null && isOf(batch, named)) {
            List<Batch> cut = around(batch, named);
            for (int i = cut.size() - 1; i >= 0; i--) {
                rest.addFirst(new Part(cut.get(i), false));
            }
        } else {
            split(batch, rest);
        }
    }

    private static void split(Batch batch, Deque<Part> rest) {
        Part next = rest.peekFirst();
        if (next != null) {
            next.isHalf = false; // the failure is explained: what comes behind may be all right
        }
        int middle = (batch.events().size() + 1) / 2;
        rest.addFirst(new Part(part(batch, middle, batch.events().size()), true));
        rest.addFirst(new Part(part(batch, 0, middle), true));
    }

    private static Batch part(Batch batch, int from, int to) {
        return new Batch(batch.queue(), batch.events().subList(from, to), batch.takenAt());
    }

    private void single(EventId eid) {
        if (eid.equals(permitted)) {
            permitted = null;
        }
        carefulLeft = Math.max(0, carefulLeft - 1);
    }

    /** Whether the one event must not be tried before somebody has written down that it is. */
    private boolean mustAsk(Batch batch) {
        Event event = batch.last();
        boolean isSuspect = batch.events().size() == 1
                && event.eid().equals(suspects.get(batch.queue().value()));
        return (isSuspect || carefulLeft > 0) && !event.eid().equals(permitted);
    }

    private List<Batch> apart(Batch batch) {
        if (carefulLeft > 0) {
            return batch.cut(1, Integer.MAX_VALUE);
        }
        EventId suspect = suspects.get(batch.queue().value());
        return suspect == null || !isOf(batch, suspect) ? List.of(batch) : around(batch, suspect);
    }

    private static boolean isOf(Batch batch, EventId eid) {
        return batch.events().stream().anyMatch(event -> event.eid().equals(eid));
    }

    /** The event alone, and what stands before and behind it. */
    private static List<Batch> around(Batch batch, EventId eid) {
        int at = 0;
        while (!batch.events().get(at).eid().equals(eid)) {
            at++;
        }
        List<Batch> parts = new ArrayList<>();
        int size = batch.events().size();
        for (int[] range : new int[][] {{0, at}, {at, at + 1}, {at + 1, size}}) {
            if (range[0] < range[1]) {
                parts.add(part(batch, range[0], range[1]));
            }
        }
        return parts;
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
