package io.millrace.node.application;

import io.millrace.protocol.pace.Ramp;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of several bots.
 *
 * @param pauses whether they are to rest, else they are to go on
 * @param reason why they are to rest
 * @param rate how fast they go on at most, null for no limit
 */
public record Steering(
        boolean pauses, @Nullable String reason, @Nullable Ramp rate) {
    /** They are to go on. */
    public static Steering resume(@Nullable Ramp rate) {
        return new Steering(false, null, rate);
    }

    /** They are to rest. */
    public static Steering pause(@Nullable String reason) {
        return new Steering(true, reason, null);
    }
}
