package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Position;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a replay does to the bus. Each may be repeated. */
interface ReplayWork {
    /**
     * Events of a range, in order.
     *
     * @param upTo the last of them, null if there are none
     */
    record Batch(List<NewEvent> events, @Nullable EventId upTo) {}

    /** Has the queue that events go by take some; and another one empty, whose turn comes much later. */
    CompletionStage<Outcome<Boolean>> prepare(String into, String later, String bot);

    /** Empties it, after which it takes nothing. */
    CompletionStage<Outcome<Boolean>> tidy(String into);

    /** The first events of a range, the same ones each time; none if it has none, or none any more. */
    CompletionStage<Outcome<Batch>> read(String queue, Position after, Position until, int most);

    /** Copies events once, however often it is done under this number. */
    CompletionStage<Outcome<Boolean>> copy(String into, String bot, long number, long step, List<NewEvent> events);

    /** {@return the last event of the queue that events go by} */
    CompletionStage<Outcome<Optional<EventId>>> end(String into);
}
