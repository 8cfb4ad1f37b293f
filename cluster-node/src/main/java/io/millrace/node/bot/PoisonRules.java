package io.millrace.node.bot;

import io.millrace.protocol.EventId;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotConfig.OnPoison;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A registration's rules about events that fail, with the defaults filled in.
 *
 * <p>Dead letters are the default: nothing is lost and the stream goes on (semantics.md, rule 6). What keeps an outage
 * from emptying a queue into its dead letters is the count of errors: see {@link PoisonDecisions}.
 *
 * @param attempts how often an event is tried
 * @param backoff the wait after the first attempt
 */
record PoisonRules(int attempts, Duration backoff, OnPoison onPoison) {
    static final int MAX_ATTEMPTS = BotState.ROGUE_AFTER;
    static final Duration MAX_BACKOFF = Duration.ofHours(1);
    static final Duration LEAST_BACKOFF = Duration.ofMillis(10);
    private static final int ATTEMPTS = 3;
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    static PoisonRules of(BotConfig config) {
        BotConfig.Retry retry = config.retry();
        Integer attempts = retry == null ? null : retry.attempts();
        Duration backoff = retry == null ? null : retry.backoff();
        OnPoison onPoison = config.onPoison();
        return new PoisonRules(
                attempts == null ? ATTEMPTS : attempts,
                backoff == null ? BACKOFF : backoff,
                onPoison == null ? OnPoison.DEAD_LETTER : onPoison);
    }

    /** How long to wait after an attempt, ms; the same for the same event and attempt, so that deciding stays pure. */
    long wait(EventId eid, int attempt) {
        long doubled = backoff.toMillis() << Math.min(30, Math.max(0, attempt - 1));
        long whole = Math.min(MAX_BACKOFF.toMillis(), doubled);
        long seed = 31L * eid.toString().hashCode() + attempt;
        return whole / 2 + (long) (new SplittableRandom(seed).nextDouble() * (whole - whole / 2.0));
    }

    /** What is wrong with the attempts, null if nothing is. */
    static @Nullable String wrongAttempts(@Nullable Integer attempts) {
        return attempts == null || (attempts >= 1 && attempts <= MAX_ATTEMPTS) ? null : "must be 1 to " + MAX_ATTEMPTS;
    }
}
