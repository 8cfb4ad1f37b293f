package io.millrace.client.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request, to be sent as often as needed.
 *
 * @param method GET, PUT, POST or DELETE
 * @param path with its query, already encoded
 * @param headers by name
 * @param body bytes, or null for none; never changed after this
 * @param repeatable whether the node may see it twice without harm
 * @param hold how long the node may hold it before it answers, beside the usual time
 * @param deadline for all attempts together
 * @param queue the queue whose owner had best get it, or null where any node does as well
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Call(
        String method,
        String path,
        Map<String, String> headers,
        byte @Nullable [] body,
        boolean repeatable,
        Duration hold,
        Duration deadline,
        @Nullable String queue) {

    /** A repeatable request without headers and body. */
    public static Call of(String method, String path, Duration deadline) {
        return new Call(method, path, Map.of(), null, true, Duration.ZERO, deadline, null);
    }

    /** The same, best sent to the node where a queue lives. */
    public Call toOwnerOf(String name) {
        return new Call(method, path, headers, body, repeatable, hold, deadline, name);
    }

    /** The same with one more header. */
    public Call with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call(method, path, more, body, repeatable, hold, deadline, queue);
    }

    /** The same with a body. */
    public Call body(String mediaType, byte[] content) {
        return new Call(
                method, path, with("Content-Type", mediaType).headers(), content, repeatable, hold, deadline, queue);
    }

    /** The same, but sent again only where the node surely did nothing. */
    public Call once() {
        return new Call(method, path, headers, body, false, hold, deadline, queue);
    }

    /** The same, where the node may hold its answer for {@code time}, which the deadline grows by. */
    public Call waiting(Duration time) {
        return new Call(method, path, headers, body, repeatable, time, deadline.plus(time), queue);
    }
}
