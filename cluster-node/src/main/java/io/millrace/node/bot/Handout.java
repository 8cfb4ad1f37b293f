package io.millrace.node.bot;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Whom the last run was granted to, as long as nothing was heard from there. A run that reached nobody would keep everybody
 * else waiting until its heartbeat is missed.
 */
final class Handout {
    private @Nullable String run;
    private @Nullable ActorRef<BotReply> to;

    /** A run is about to be granted. */
    void begin(String id, ActorRef<BotReply> worker) {
        run = id;
        to = worker;
    }

    /** The worker is known to have it. */
    void arrived() {
        run = null;
        to = null;
    }

    /** Who asked has gone, or was told something else. */
    void gone(ActorRef<BotReply> worker) {
        if (worker.equals(to)) {
            to = null;
        }
    }

    /** Whether a run has nobody who does it. */
    boolean isNobodys(String id) {
        return id.equals(run) && to == null;
    }
}
