package io.millrace.node.settings;

import java.time.Duration;

/**
 * How bots behave ({@code millrace.bot}).
 *
 * @param passivateAfter how long a bot idles before it leaves memory
 * @param heartbeatEvery how often a worker says that it lives
 * @param lostAfter how long after the last heartbeat a worker's lease ends
 * @param linger how long a run waits at the tail for more before it ends: at a steady trickle one run goes on instead of
 *     many that each cost three journal records
 * @param askTimeout how long a request waits for the bot's answer
 */
public record BotSettings(
        Duration passivateAfter, Duration heartbeatEvery, Duration lostAfter, Duration linger, Duration askTimeout) {

    /** @throws IllegalArgumentException naming the key */
    public BotSettings {
        Require.positive("millrace.bot.passivate-after", passivateAfter);
        Require.positive("millrace.bot.heartbeat-every", heartbeatEvery);
        Require.positive("millrace.bot.linger", linger);
        Require.positive("millrace.bot.ask-timeout", askTimeout);
        if (lostAfter.compareTo(heartbeatEvery.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.bot.lost-after must be at least twice millrace.bot.heartbeat-every, not " + lostAfter);
        }
    }
}
