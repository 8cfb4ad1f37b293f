package io.millrace.client;

import io.millrace.protocol.BotId;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.Replay;
import io.millrace.protocol.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * Replays: ranges of a queue that one bot handles again, beside its position and without moving it. Planned first, then
 * started by the plan's id. Methods wait for the answer and throw {@link MillraceException}s.
 */
public final class Replays {
    private final Connection connection;

    Replays(Connection connection) {
        this.connection = connection;
    }

    /**
     * Asks what a replay would be: how many events, how long, and who else would see what comes of it. Nothing is done until
     * {@link #start}, for which there are 15 minutes.
     */
    public Replay plan(Replay.Request request) {
        return Replies.await(Replies.as(
                connection.send(connection
                        .call("POST", "/v1/replays")
                        .body(MediaTypes.JSON, Json.bytes(request))
                        .once()),
                Replay.class));
    }

    /**
     * Starts a plan. Not repeated when its answer is lost: look with {@link #get} whether it was started.
     *
     * @throws RejectedException if it has expired, was started already, or another one of the bot is under way
     */
    public Replay start(String id) {
        return post(id, "/start");
    }

    /** Ends a replay; what was emitted stays. */
    public Replay cancel(String id) {
        return post(id, "/cancel");
    }

    /** A replay as it stands; empty if the bot doesn't remember it. */
    public Optional<Replay> get(String id) {
        return Replies.optional(Replies.as(connection.send(connection.call("GET", path(id))), Replay.class));
    }

    /** A bot's last replays, newest first, at most 20. */
    public List<Replay> list(String bot) {
        return Replies.await(Replies.as(
                        connection.send(connection.call(
                                "GET", "/v1/replays?bot=" + BotId.of(bot).value())),
                        Replay.Listing.class))
                .replays();
    }

    private Replay post(String id, String action) {
        return Replies.await(Replies.as(
                connection.send(connection.call("POST", path(id) + action).once()), Replay.class));
    }

    private static String path(String id) {
        return "/v1/replays/" + Connection.encode(id);
    }
}
