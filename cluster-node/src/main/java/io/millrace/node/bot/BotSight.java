package io.millrace.node.bot;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that an explanation goes by.
 *
 * @param obstacles what keeps the node that answers from serving
 * @param isListed whether there is a bot of this name; meaningless where there are obstacles
 * @param plight what the bot says of itself; null if it gave no answer, or isn't
 * @param silence why it gave none
 * @param knowsHandler whether the node that answers has the handler's class
 * @param queues its trigger queues, by name
 * @param nextSlot the first slot of its schedule that no run has taken, null if there is none
 * @param now when it was looked
 */
record BotSight(
        List<String> obstacles,
        boolean isListed,
        BotReply.@Nullable Plight plight,
        String silence,
        boolean knowsHandler,
        Map<String, QueueSight> queues,
        @Nullable Instant nextSlot,
        Instant now) {}
