package io.millrace.node.run;

import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the event that fails among those that a run's handler gets: one among n costs about log2(n) calls. What stands before
 * it is done; with it, reading stops until somebody has decided. Used by one thread at a time.
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
    private volatile boolean barred;

    Trials(Caution caution) {
        suspects = new HashMap<>(caution.suspects());
        carefulLeft = caution.careful() ? CAREFUL_EVENTS : 0;
    }

    /** Reading begins anew behind what is done: what was found is found again if it still bars the way. */
    void again() {
        barred = false;
    }

    /** The event that was found may be tried, once. */
    void permit(EventId eid) {
        permitted = eid;
    }

    /** The event that was found is behind. */
    void passed(String queue) {
        suspects.remove(queue);
    }

    /** The event that was found bars the way, for all that comes behind it too: it is read again. */
    void bar() {
        barred = true;
    }

    /** Puts a batch of at least one event to the trial, or nothing of it if it stands behind what was found. */
    Trial of(Batch batch) {
        return new Trial(this, barred ? List.of() : apart(batch));
    }

    /** What came of the batch; a barrier at the end where reading must stop. */
    List<Passage> take(Batch batch, Call call) throws Exception {
        List<Passage> passages = new ArrayList<>();
        Trial trial = of(batch);
        for (Batch part = trial.next(); part != null; part = trial.next()) {
            try {
                passages.add(call.handle(part));
                trial.succeeded();
            } catch (InterruptedException e) {
                throw e; // the run was ended from outside
            } catch (Throwable failure) { // a handler may throw anything
                if (Thread.currentThread().isInterrupted()) {
                    throw failure;
                }
                trial.failed(failure);
            }
        }
        trial.barrier().ifPresent(passages::add);
        return passages;
    }

    /** An event alone went well. */
    void single(EventId eid) {
        if (eid.equals(permitted)) {
            permitted = null;
        }
        carefulLeft = Math.max(0, carefulLeft - 1);
    }

    /** Whether the one event must not be tried before somebody has written down that it is. */
    boolean mustAsk(Batch batch) {
        EventId eid = batch.last().eid();
        boolean isSuspect = batch.events().size() == 1
                && eid.equals(suspects.get(batch.queue().value()));
        return (isSuspect || carefulLeft > 0) && !eid.equals(permitted);
    }

    private List<Batch> apart(Batch batch) {
        if (carefulLeft > 0) {
            return batch.cut(1, Integer.MAX_VALUE);
        }
        EventId suspect = suspects.get(batch.queue().value());
        return suspect == null || !batch.has(suspect) ? List.of(batch) : batch.around(suspect);
    }
}
