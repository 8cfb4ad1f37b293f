package io.millrace.node.bot;

import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.pace.Ramp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fast a bot reads at most, as it was resumed. Pure.
 *
 * @param since ms since the epoch
 */
record Easing(long since, Ramp ramp) {
    static @Nullable Easing of(BotEvent.Resumed resumed) {
        Ramp ramp = resumed.rate();
        return ramp == null ? null : new Easing(resumed.at(), ramp);
    }

    /** What is left of it, null if nothing. */
    @Nullable
    Ramp left(long now) {
        return ramp.after(now - since);
    }

    /** What each of so many readers gets of it. */
    Easing share(int readers) {
        return new Easing(since, ramp.share(readers));
    }

    BotInfo.Rate shown() {
        return new BotInfo.Rate(
                ramp.from(),
                ramp.to(),
                Instant.ofEpochMilli(since),
                Instant.ofEpochMilli(since).plus(ramp.over()));
    }

    String describe(long now) {
        return "it reads at most " + (long) ramp.rate(now - since)
                + " events a second now, more with every second, and as it can from " + shown().until()
                + " on: it was resumed so";
    }
}
