package io.millrace.node.bot;

import io.millrace.protocol.Position;

/**
 * What a bot says to its queues; how and where they live is not the bot's to know. Each call sends one message and
 * returns at once; a message may get lost, the bot repeats it until it hears something.
 */
public interface TriggerQueues {
    /** The bot found nothing after a position: wake it when something comes. */
    void sleep(String queue, String bot, Position position);

    /** The bot's runs before an epoch are over: nothing of theirs is to be taken any more. */
    void fence(String queue, String bot, long generation, long epoch);

    /** The queue triggers the bot no more. */
    void unsubscribe(String queue, String bot);
}
