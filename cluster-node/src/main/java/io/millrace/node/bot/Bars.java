package io.millrace.node.bot;

/**
 * Has a redrive or purge in order settled that nobody settles: whoever had begun it may be gone, and no run begins before. Ticks
 * in ms.
 */
final class Bars {
    /** Far longer than a redrive takes. */
    private static final long PATIENCE_MILLIS = 60_000;

    private final BotContext bot;
    private long number;
    private long settleAt;

    Bars(BotContext bot) {
        this.bot = bot;
    }

    void tick(BotState state) {
        Holds.Bar bar = state.waiting().bar();
        long now = bot.ticker().millis();
        if (bar == null) {
            number = 0;
        } else if (bar.number() != number) {
            number = bar.number();
            settleAt = now + PATIENCE_MILLIS;
        } else if (now >= settleAt) {
            settleAt = now + PATIENCE_MILLIS;
            bot.letters().accept(bot.id().value());
        }
    }
}
