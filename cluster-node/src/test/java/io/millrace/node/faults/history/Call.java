package io.millrace.node.faults.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Who asked whom, when, and how it ended.
 *
 * @param client who asked, or the process in which it happened
 * @param node through which node; empty where that makes no difference
 * @param from {@link System#nanoTime()} before the first byte was sent
 * @param to {@link System#nanoTime()} after the answer was read, or when the client gave up
 * @param outcome {@link Outcome#UNKNOWN} wherever there is a doubt
 * @param problem the refusal's slug or the failure's name; null when ok
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Call(
        String client,
        String node,
        long from,
        long to,
        Outcome outcome,
        @Nullable String problem) {

    public static Call ok(String client, String node, long from, long to) {
        return new Call(client, node, from, to, Outcome.OK, null);
    }

    public static Call fail(String client, String node, long from, long to, String problem) {
        return new Call(client, node, from, to, Outcome.FAIL, problem);
    }

    public static Call unknown(String client, String node, long from, long to, String problem) {
        return new Call(client, node, from, to, Outcome.UNKNOWN, problem);
    }

    /** Something that happened in this process right now. */
    public static Call now(String client) {
        long now = System.nanoTime();
        return ok(client, "", now, now);
    }
}
