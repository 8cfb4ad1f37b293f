package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import java.util.List;

/**
 * A handler that makes something of all events of a window, a stretch of one queue without gaps. The run gives it events as
 * they are read, however many, and moves the checkpoint only behind windows that are over: a window that was open when a
 * run ended is taken in again from its beginning by the next one. So its state needs no storage, what it emits is a function
 * of the window, and the receiving queue's marks see windows as batches (design D5).
 */
public interface WindowHandler extends BotHandler {
    /** A window that begins with this event, which is then added to it. */
    Window open(Event first);

    /** Each stretch of events is a window, without waiting for more: for who has no run. */
    @Override
    default void handle(List<Event> events, Emitter out) {
        if (events.isEmpty()) {
            return; // a run without queues to read
        }
        Window window = open(events.get(0));
        events.forEach(window::add);
        window.emit(out);
    }

    /** An open window. Confined to one thread at a time. */
    interface Window {
        /** Whether the queue's next event still belongs to it. */
        boolean takes(Event next);

        /**
         * Takes the next event in.
         *
         * @throws IllegalStateException if it holds too much: the run ends in error
         */
        void add(Event event);

        /**
         * Whether it is over with what it has.
         *
         * @param emptySince ms since the epoch up to when nothing more has come into the queue; {@link Long#MIN_VALUE} while
         *     there may be more
         */
        boolean isOver(long emptySince);

        /** Emits what came of it. */
        void emit(Emitter out);
    }
}
