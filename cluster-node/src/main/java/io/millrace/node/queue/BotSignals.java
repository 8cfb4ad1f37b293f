package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import java.util.Map;

/**
 * What a queue says to bots; how and where they live is not the queue's to know. Each call sends one message and returns at
 * once; a message may get lost, the bot asks again.
 */
public interface BotSignals {
    /** Events wait for the bot. */
    void wake(String bot, String queue);

    /** The bot wrote to the queue for the first time. */
    void wrote(String bot, String queue);

    /**
     * Nothing of the bot's runs before an epoch is taken any more.
     *
     * @param marks by source queue, how far what was taken of them comes from
     */
    void fenced(String bot, String queue, long epoch, Map<String, EventId> marks);

    /** The queue is paused: the bot is not to read it, and will be told to look when that is over. */
    void held(String bot, String queue);

    /** The queue was paused and is so no more: the bot is to look whether it has seen all events up to the newest one. */
    void look(String bot, String queue, EventId last);

    /** None do; it will be woken when some come. */
    void asleep(String bot, String queue);
}
