package io.millrace.node.faults.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.millrace.protocol.EventId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a history. Positions are event ids as text, or "" for the beginning; times are nanoseconds of {@link
 * System#nanoTime()} unless named otherwise.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Operation.Plan.class, name = "plan"),
    @JsonSubTypes.Type(value = Operation.Append.class, name = "append"),
    @JsonSubTypes.Type(value = Operation.Read.class, name = "read"),
    @JsonSubTypes.Type(value = Operation.Granted.class, name = "granted"),
    @JsonSubTypes.Type(value = Operation.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = Operation.Handled.class, name = "handled"),
    @JsonSubTypes.Type(value = Operation.Checkpointed.class, name = "checkpointed"),
    @JsonSubTypes.Type(value = Operation.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = Operation.Reset.class, name = "reset"),
    @JsonSubTypes.Type(value = Operation.Administered.class, name = "administered"),
    @JsonSubTypes.Type(value = Operation.Redriven.class, name = "redriven"),
    @JsonSubTypes.Type(value = Operation.BotSeen.class, name = "bot-seen"),
    @JsonSubTypes.Type(value = Operation.Fault.class, name = "fault"),
    @JsonSubTypes.Type(value = Operation.Healed.class, name = "healed"),
    @JsonSubTypes.Type(value = Operation.Recovered.class, name = "recovered"),
    @JsonSubTypes.Type(value = Operation.FinalRead.class, name = "final-read"),
    @JsonSubTypes.Type(value = Operation.FinalBot.class, name = "final-bot"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Operation {
    /** Who asked whom, when, and how it ended. */
    Call call();

    /**
     * What the run is; the first line of its first file.
     *
     * @param nodes each of them has to give a final read of each queue
     * @param queues all queues to be judged
     * @param pipelines the bots with an output; bots without one are found by their other operations
     * @param recoverWithin after {@link Healed} of everything, every queue takes an append and every bot is at the
     *     tail within so many milliseconds
     */
    record Plan(
            Call call, long seed, List<String> nodes, List<String> queues, List<Pipeline> pipelines, long recoverWithin)
            implements Operation {}

    /**
     * One request to append. A retry is a line of its own, with the same producer, sequence and values.
     *
     * @param producer null without idempotence
     * @param sequence 0 without a producer
     * @param run the run whose token it carried, if any
     * @param values unique over the whole history, in the order of the request
     * @param first the answer's first id; null unless ok
     * @param last the answer's last id; null unless ok
     */
    record Append(
            Call call,
            String queue,
            @Nullable String producer,
            long sequence,
            @Nullable RunOf run,
            List<String> values,
            @Nullable EventId first,
            @Nullable EventId last)
            implements Operation {}

    /**
     * One page of a reader's way through a queue.
     *
     * @param reader each page of a reader starts where its page before ended; a reader that starts anew has a new name
     * @param after exclusive
     * @param events may be empty
     * @param toTail the answer ended because the node saw no more events, not because of a limit or a lost connection
     */
    record Read(Call call, String queue, String reader, String after, List<Seen> events, boolean toTail)
            implements Operation {}

    /**
     * A worker (or, as far as it tells, a Java handler) got a run.
     *
     * @param worker the worker's name, or the node
     * @param validUntil until then the holder may take the lease as its own if nobody ends it: the earlier of deadline
     *     and loss by silence, counted from before it asked; 0 if it doesn't know
     */
    record Granted(Call call, RunOf run, String worker, long validUntil) implements Operation {}

    /**
     * A sign of life of a worker.
     *
     * @param stop the answer told the worker to end
     * @param validUntil as of {@link Granted}, counted from before this heartbeat was sent; 0 if unknown
     */
    record Heartbeat(Call call, RunOf run, boolean stop, long validUntil) implements Operation {}

    /**
     * A handler's call. Written before the handler gives control back, so that no checkpoint can come before it; ok
     * when the handler returned without an error.
     *
     * @param source the queue that the events stand in
     */
    record Handled(Call call, RunOf run, String source, List<Seen> events) implements Operation {}

    /** A read checkpoint that a run asked for. */
    record Checkpointed(Call call, RunOf run, String queue, String position) implements Operation {}

    /**
     * A run said that it is at its end.
     *
     * @param status ok or error
     * @param checkpoints read checkpoints that came with it, by queue
     */
    record Completed(Call call, RunOf run, String status, Map<String, String> checkpoints) implements Operation {}

    /** An administrator moved a bot's read checkpoint. */
    record Reset(Call call, String bot, String queue, String position) implements Operation {}

    /**
     * An administrator did something else to a bot.
     *
     * @param action kill, pause, resume, run, archive or register
     */
    record Administered(Call call, String bot, String action) implements Operation {}

    /**
     * An administrator sent dead letters back through a bot.
     *
     * @param letters their ids in the queue of dead letters; empty for all of them
     * @param edited whether with other payloads, that the bot can handle
     * @param events how many the answer says were redriven now; 0 unless ok
     * @param more whether the answer says that there are others
     */
    record Redriven(Call call, String bot, List<String> letters, boolean edited, long events, boolean more)
            implements Operation {}

    /**
     * What {@code GET /v1/bots/{bot}} told during the faults.
     *
     * @param checkpoints read checkpoints by queue
     */
    record BotSeen(Call call, String bot, long epoch, Map<String, String> checkpoints) implements Operation {}

    /**
     * Harm was done.
     *
     * @param kind for example "kill owner of queue"
     * @param target node or process
     * @param claims what this kind is there to hit: "queue", "bot", "oldest", "worker", "webhook", or "" for none
     * @param hits what it did hit: "queue q3", "bot b1", "oldest", "worker w2", "webhook h"; empty if nothing
     */
    record Fault(Call call, String kind, String target, String claims, List<String> hits) implements Operation {}

    /**
     * Harm ended.
     *
     * @param kind the fault's kind, or {@link #EVERYTHING} once, when no more faults will come
     */
    record Healed(Call call, String kind) implements Operation {
        public static final String EVERYTHING = "everything";
    }

    /** A measured time: what (such as "append after kill"), and how long in milliseconds. */
    record Recovered(Call call, String what, long millis) implements Operation {}

    /**
     * A page of a full read from the beginning, after everything healed and all bots reached the tail.
     *
     * @param after the page before's last id; "" for the first page
     * @param end the tail was reached: no page follows
     */
    record FinalRead(Call call, String queue, String after, List<FinalEvent> events, boolean end)
            implements Operation {}

    /**
     * A bot at the end.
     *
     * @param checkpoints read checkpoints by queue
     * @param lag events that still wait, by queue
     */
    record FinalBot(Call call, String bot, long epoch, Map<String, String> checkpoints, Map<String, Long> lag)
            implements Operation {}
}
