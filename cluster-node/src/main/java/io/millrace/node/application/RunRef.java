package io.millrace.node.application;

import io.millrace.protocol.BotId;
import java.time.Instant;

/**
 * Names one run of a bot; what a run does carries it.
 *
 * @param bot the bot
 * @param run the run's id
 * @param epoch the run's fencing epoch: grows with every run of the bot
 * @param generation grows each time an administrator moves one of the bot's checkpoints: marks in queues belong to one
 *     generation (design D5)
 * @param deadline when the lease ends
 */
public record RunRef(BotId bot, String run, long epoch, long generation, Instant deadline) {
    /** The bot that was registered: itself, or the one whose lane it is. Its name is on what the run writes. */
    public BotId owner() {
        return LaneId.owner(bot);
    }
}
