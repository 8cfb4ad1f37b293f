package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A handler that answers later and holds no thread meanwhile. One instance serves one run at most, one call at a time. */
public interface LaterHandler {
    /**
     * Handles events of one queue, in order.
     *
     * @param events at least one; none in a run of a bot that has no queues to read
     * @param out takes what is emitted, until the stage is done; what events at the front emit counts although later ones
     *     are not done
     * @return what became of the events, one result for each; fails if nothing of them is done: with {@link PauseException}
     *     the bot is to rest, with {@link AgainException} all are to come again, with {@link NotTakenException} the run ends in
     *     error, with anything else one of the events may be to blame and is looked for
     */
    CompletionStage<List<EventResult>> handle(List<Event> events, Emitter out);

    /** Breaks off the call under way, whose stage fails soon, and any later one; may be repeated, and called by any thread. */
    void cancel();
}
