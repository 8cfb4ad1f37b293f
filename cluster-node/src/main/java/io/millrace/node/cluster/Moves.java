package io.millrace.node.cluster;

import io.millrace.protocol.EventId;

/**
 * Where queues note that a bot may have to look (design D8): what is noted reaches the {@link Sweeper}, and so the bot,
 * though every wake-up got lost. Returns at once; safe for many threads.
 */
public interface Moves {
    /** A queue has events up to {@code last}, and the bot may not have heard of it. */
    void moved(String queue, EventId last, String bot);

    /** The bot has seen all that the queue has. */
    void settled(String queue, String bot);
}
