package io.millrace.node.cluster;

import io.millrace.protocol.EventId;

/**
 * A queue has events that a bot may not have heard of.
 *
 * @param last the newest of them
 */
record Move(String queue, String bot, EventId last) {
    /** About how much it takes in a message. */
    int size() {
        return queue.length() + bot.length() + 100;
    }
}
