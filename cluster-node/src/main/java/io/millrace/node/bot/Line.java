package io.millrace.node.bot;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests that wait while something becomes durable or the log is read. */
final class Line {
    /** As many as workers may ask: they all come at once when a bot moves. Each is small and holds a request at its node. */
    static final int MAX = 1_000;

    private final Deque<BotCommand.Request> waiting = new ArrayDeque<>();

    /** False if there is no room. */
    boolean offer(BotCommand.Request request) {
        return waiting.size() < MAX && waiting.add(request);
    }

    BotCommand.@Nullable Request next() {
        return waiting.pollFirst();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Removes those of one who waits no more. */
    void forget(org.apache.pekko.actor.typed.ActorRef<BotReply> gone) {
        waiting.removeIf(request ->
                request instanceof BotCommand.Ask && request.replyTo().equals(gone));
    }

    /** Removes and gives everything. */
    List<BotCommand.Request> drain() {
        List<BotCommand.Request> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
