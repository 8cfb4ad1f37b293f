package io.millrace.client;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.handler.RejectedEventException;
import io.millrace.protocol.http.RunProtocol.Action;
import io.millrace.protocol.http.RunProtocol.Grant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches to the handler so that one event that fails is found: what fails is halved, the half that is left when its
 * other half went well is known to hold the event and isn't tried whole again. About the event that fails alone, and before
 * one that has failed in an earlier run is tried, the bus is asked.
 */
final class WorkTrials {
    /** After so many events of a careful run nothing more is to be feared: it is as much as was lost at once. */
    private static final int CAREFUL_EVENTS = 1_000;

    /** What the run does with events of one queue. */
    interface Work {
        /** Has them handled and their output sent. */
        void handle(List<Event> events) throws Exception;

        /**
         * Asks the bus about one event, when all before it is done.
         *
         * @param failure what it failed with, null before it is tried
         */
        Action ask(Event event, @Nullable Throwable failure, boolean rejected) throws Exception;

        /** The event is behind without having been handled. */
        void pass(Event event);
    }

    private final Map<String, EventId> suspects = new HashMap<>();
    private int carefulLeft;

    WorkTrials(Grant grant) {
        Map<String, EventId> given = grant.suspects();
        if (given != null) {
            suspects.putAll(given);
        }
        carefulLeft = Boolean.TRUE.equals(grant.careful()) ? CAREFUL_EVENTS : 0;
    }

    /**
     * Gets a batch of one queue behind, in order.
     *
     * @throws RunOverException if the bus has ended the run
     * @throws Exception what the work threw, unless the handler did
     */
    void take(String queue, List<Event> batch, Work work) throws Exception {
        if (carefulLeft > 0) {
            for (int i = 0; i < batch.size(); i++) {
                single(queue, batch.get(i), work);
            }
            return;
        }
        EventId suspect = suspects.get(queue);
        int at = suspect == null ? -1 : indexOf(batch, suspect);
        if (at < 0) {
            attempt(queue, batch, work);
        } else {
            around(queue, batch, at, work);
        }
    }

    private void around(String queue, List<Event> batch, int at, Work work) throws Exception {
        attempt(queue, batch.subList(0, at), work);
        single(queue, batch.get(at), work);
        attempt(queue, batch.subList(at + 1, batch.size()), work);
    }

    /** One event alone; if it is a suspect, or any may be, not before the bus has written that down. */
    private void single(String queue, Event event, Work work) throws Exception {
        boolean isSuspect = event.eid().equals(suspects.get(queue));
        boolean mayTry = !(isSuspect || carefulLeft > 0) || judged(event, null, false, work);
        carefulLeft = Math.max(0, carefulLeft - 1);
        if (mayTry) {
            attempt(queue, List.of(event), work);
        }
        if (isSuspect) {
            suspects.remove(queue);
        }
    }

    /** False if it went well at once. */
    private boolean attempt(String queue, List<Event> events, Work work) throws Exception {
        if (events.isEmpty()) {
            return false;
        }
        try {
            work.handle(events);
            return false;
        } catch (HandlerFailedException e) {
            failed(queue, events, e.failure(), work);
            return true;
        }
    }

    private void failed(String queue, List<Event> events, Throwable failure, Work work) throws Exception {
        EventId named = failure instanceof RejectedEventException rejected ? rejected.eid() : null;
        int at = named == null ? -1 : indexOf(events, named);
        if (events.size() == 1) {
            boolean rejected = failure instanceof RejectedEventException && (named == null || at == 0);
            judged(events.get(0), failure, rejected, work);
        } else if (at >= 0) {
            around(queue, events, at, work);
        } else {
            halve(queue, events, work);
        }
    }

    private void halve(String queue, List<Event> events, Work work) throws Exception {
        int middle = (events.size() + 1) / 2;
        boolean explained = attempt(queue, events.subList(0, middle), work);
        List<Event> rest = events.subList(middle, events.size());
        if (explained || rest.size() == 1) {
            attempt(queue, rest, work);
        } else {
            halve(queue, rest, work); // its other half went well
        }
    }

    /** Whether it is to be tried. */
    private boolean judged(Event event, @Nullable Throwable failure, boolean rejected, Work work) throws Exception {
        Action action = work.ask(event, failure, rejected);
        if (action == Action.RETRY || action == Action.STOP) {
            String then = action == Action.RETRY ? "it is tried again later" : "the bot is paused";
            throw new RunOverException(
                    "event " + event.eid() + " of queue " + event.queue() + " failed; " + then,
                    failure == null ? new IllegalStateException("it had failed before") : failure);
        }
        if (action != Action.TRY) {
            work.pass(event);
        }
        return action == Action.TRY;
    }

    private static int indexOf(List<Event> events, EventId eid) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).eid().equals(eid)) {
                return i;
            }
        }
        return -1;
    }
}
