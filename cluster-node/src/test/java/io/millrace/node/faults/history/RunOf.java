package io.millrace.node.faults.history;

/**
 * One run of a bot.
 *
 * @param bot its name, or where a bot has lanes {@code <bot>:<lane>}: epochs are a lane's
 */
public record RunOf(String bot, String run, long epoch) {
    /** Of a lane. */
    public static RunOf lane(String bot, String lane, String run, long epoch) {
        return new RunOf(bot + ":" + lane, run, epoch);
    }

    /** The bot that was registered. */
    public static String owner(String bot) {
        int colon = bot.indexOf(':');
        return colon < 0 ? bot : bot.substring(0, colon);
    }
}
