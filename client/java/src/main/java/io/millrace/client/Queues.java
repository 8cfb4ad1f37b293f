package io.millrace.client;

import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import io.millrace.protocol.json.Json;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Administration of queues. Every method waits for the bus's answer and throws {@link MillraceException}s. */
public final class Queues {
    private final Connection connection;

    Queues(Connection connection) {
        this.connection = connection;
    }

    /** Creates a queue, or changes what {@code config} names of it. Queues are also made by their first event. */
    public QueueInfo configure(String queue, QueueConfig config) {
        return Replies.await(Replies.as(
                connection.send(connection.call("PUT", path(queue)).body(MediaTypes.JSON, Json.bytes(config))),
                QueueInfo.class));
    }

    /** Creates a queue with what is the default, if it doesn't exist. */
    public QueueInfo create(String queue) {
        return configure(queue, QueueConfig.NONE);
    }

    /** A queue as it stands; empty if there is none of this name. */
    public Optional<QueueInfo> get(String queue) {
        return Replies.optional(Replies.as(connection.send(connection.call("GET", path(queue))), QueueInfo.class));
    }

    /**
     * Queues by name.
     *
     * @param prefix what their names begin with, or empty
     * @param after the name after which to begin, or null
     * @param limit how many at most, 1 to 1000
     */
    public List<QueueInfo> list(String prefix, @Nullable String after, int limit) {
        return Replies.await(Replies.as(
                        connection.send(connection.call("GET", Connection.list("/v1/queues", prefix, after, limit))),
                        io.millrace.protocol.http.Page.Queues.class))
                .queues();
    }

    /** Archives a queue: it takes no more events. */
    public void archive(String queue) {
        Replies.await(Replies.map(connection.send(connection.call("DELETE", path(queue))), ok -> ok));
    }

    /** Archives a queue and removes its events for good. */
    public void purge(String queue) {
        Replies.await(Replies.map(connection.send(connection.call("DELETE", path(queue) + "?purge=true")), ok -> ok));
    }

    private static String path(String queue) {
        return Connection.queue(QueueName.of(queue));
    }
}
