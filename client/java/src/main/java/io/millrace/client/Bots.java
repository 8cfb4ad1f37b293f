package io.millrace.client;

import io.millrace.client.internal.Answer;
import io.millrace.protocol.BotId;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Administration of bots. Every method waits for the bus's answer and throws {@link MillraceException}s. */
public final class Bots {
    private final Connection connection;

    Bots(Connection connection) {
        this.connection = connection;
    }

    /** Registers a bot or replaces its registration. */
    public BotInfo register(String bot, BotConfig config) {
        return Replies.await(Replies.as(
                connection.send(connection.call("PUT", path(bot)).body(MediaTypes.JSON, Json.bytes(config))),
                BotInfo.class));
    }

    /** As {@link #register(String, BotConfig)}. */
    public BotInfo register(String bot, BotRegistration registration) {
        return register(bot, registration.toConfig());
    }

    /** A bot as it stands; empty if there is none of this name. */
    public Optional<BotInfo> get(String bot) {
        return Replies.optional(Replies.as(connection.send(connection.call("GET", path(bot))), BotInfo.class));
    }

    /**
     * Bots by name, as they were noted when they last changed, at most some seconds ago ({@link BotInfo#asOf}).
     *
     * @param prefix what their names begin with, or empty
     * @param after the name after which to begin, or null
     * @param limit how many at most, 1 to 1000
     */
    public List<BotInfo> list(String prefix, @Nullable String after, int limit) {
        return page(Connection.list("/v1/bots", prefix, after, limit)).bots();
    }

    /**
     * Bots in a state, by name. The bus looks at 5,000 names a request at most, so that a page may be short or empty and yet
     * have a {@code next}, to be given as {@code after} to go on.
     *
     * @param state {@code nominal}, {@code warning}, {@code error} or {@code rogue}, or one of {@link BotInfo#flags}
     * @param prefix what their names begin with, or empty
     * @param after the name after which to begin, or null
     * @param limit how many at most, 1 to 1000
     */
    public io.millrace.protocol.http.Page.Bots listInState(
            String state, String prefix, @Nullable String after, int limit) {
        return page(Connection.list("/v1/bots", prefix, after, limit) + "&state=" + Connection.encode(state));
    }

    private io.millrace.protocol.http.Page.Bots page(String path) {
        return Replies.await(
                Replies.as(connection.send(connection.call("GET", path)), io.millrace.protocol.http.Page.Bots.class));
    }

    /** No run starts until {@link #resume}; the one under way is told to stop. */
    public void pause(String bot, @Nullable String reason) {
        post(bot, "/pause", Json.bytes(new RunProtocol.Pause(reason)));
    }

    /** Runs may start again; the count of errors begins anew. */
    public void resume(String bot) {
        post(bot, "/resume", null);
    }

    /** Starts a run now, events or not. Not repeated when its answer is lost. */
    public void run(String bot) {
        post(bot, "/run", null);
    }

    /** Ends the run under way: its effects are refused from now on. Not repeated when its answer is lost. */
    public void kill(String bot) {
        post(bot, "/kill", null);
    }

    /** Archives a bot: it never runs again. */
    public void archive(String bot) {
        Replies.await(Replies.map(connection.send(connection.call("DELETE", path(bot))), ok -> ok));
    }

    /**
     * Moves a bot's position in a queue, and ends the run under way before. Not repeated when its answer is lost: a later
     * repetition would undo what the bot did since.
     *
     * @param position an event's id or a prefix of one, {@code beginning}, {@code now}, or an ISO-8601 instant
     * @param reason why, for the ledger
     */
    public void setCheckpoint(String bot, String queue, String position, @Nullable String reason) {
        setCheckpoint(bot, queue, position, reason, null);
    }

    /**
     * As the shorter form.
     *
     * @param by who, for the ledger
     */
    public void setCheckpoint(String bot, String queue, String position, @Nullable String reason, @Nullable String by) {
        byte[] body = Json.bytes(new RunProtocol.Reset(position, reason, by));
        String path = path(bot) + "/checkpoints/" + QueueName.of(queue).value();
        Replies.await(Replies.map(
                connection.send(
                        connection.call("PUT", path).body(MediaTypes.JSON, body).once()),
                ok -> ok));
    }

    /** What has moved a bot's read checkpoints other than its runs, newest first; the last 50. */
    public List<CheckpointLedger.Move> checkpointMoves(String bot) {
        return Replies.await(Replies.as(
                        connection.send(connection.call("GET", path(bot) + "/checkpoints")), CheckpointLedger.class))
                .moves();
    }

    /**
     * Sets a checkpoint back to where it was before a move, and ends the run under way before. Not repeated when its answer is
     * lost.
     *
     * @param entry the number of the move
     * @param reason why, for the ledger
     * @param by who, for the ledger
     * @throws RejectedException if the checkpoint was moved since by somebody else
     */
    public void undoCheckpoint(String bot, String queue, long entry, @Nullable String reason, @Nullable String by) {
        byte[] body = Json.bytes(new CheckpointLedger.Undo(entry, reason, by));
        String path = path(bot) + "/checkpoints/" + QueueName.of(queue).value() + "/undo";
        Replies.await(Replies.map(
                connection.send(connection
                        .call("POST", path)
                        .body(MediaTypes.JSON, body)
                        .once()),
                ok -> ok));
    }

    /** Why a bot is running, or why it isn't; also of one that isn't there. */
    public Explanation explain(String bot) {
        return Replies.await(
                Replies.as(connection.send(connection.call("GET", path(bot) + "/explain")), Explanation.class));
    }

    /** The last runs, newest first, at most 100. */
    public List<RunProtocol.Summary> runs(String bot) {
        return Replies.await(Replies.as(
                        connection.send(connection.call("GET", path(bot) + "/runs")), RunProtocol.Summaries.class))
                .runs();
    }

    /**
     * Sends a dead letter back through the bot. Not repeated when its answer is lost: whether it was done, the bot tells after
     * a minute.
     *
     * @param letter its id in the queue {@code <bot>.dead}
     */
    public DeadLetters.Settled redrive(String bot, EventId letter) {
        return redrive(bot, new DeadLetters.Redrive(letter, null, null));
    }

    /** Sends all dead letters back through the bot, in order, up to 1000 or 8 MiB; the answer tells whether there are more. */
    public DeadLetters.Settled redriveAll(String bot) {
        return redrive(bot, new DeadLetters.Redrive(null, null, true));
    }

    /** Sends dead letters back through the bot with other payloads, 1 to 100. */
    public DeadLetters.Settled redrive(String bot, List<DeadLetters.Edited> edited) {
        return redrive(bot, new DeadLetters.Redrive(null, List.copyOf(edited), null));
    }

    private DeadLetters.Settled redrive(String bot, DeadLetters.Redrive redrive) {
        return Replies.await(Replies.as(
                connection.send(connection
                        .call("POST", path(bot) + "/dead/redrive")
                        .body(MediaTypes.JSON, Json.bytes(redrive))
                        .once()),
                DeadLetters.Settled.class));
    }

    /**
     * Is done with dead letters without redriving them; they stay readable.
     *
     * @param letter one of them, by its id in the queue {@code <bot>.dead}, or null for all
     */
    public DeadLetters.Settled purgeDeadLetters(String bot, @Nullable EventId letter) {
        String path = path(bot) + "/dead" + (letter == null ? "" : "?eid=" + Connection.encode(letter.toString()));
        return Replies.await(
                Replies.as(connection.send(connection.call("DELETE", path).once()), DeadLetters.Settled.class));
    }

    private Answer post(String bot, String action, byte @Nullable [] body) {
        var call = connection.call("POST", path(bot) + action).once();
        return Replies.await(
                Replies.map(connection.send(body == null ? call : call.body(MediaTypes.JSON, body)), ok -> ok));
    }

    private static String path(String bot) {
        return Connection.bot(BotId.of(bot));
    }
}
