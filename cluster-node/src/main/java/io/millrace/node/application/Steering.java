package io.millrace.node.application;

import org.jspecify.annotations.Nullable;

/**
 * What is to become of several bots.
 *
 * @param pauses whether they are to rest, else they are to go on
 * @param reason why they are to rest
 */
public record Steering(boolean pauses, @Nullable String reason) {
    /** They are to go on. */
    public static final Steering RESUME = new Steering(false, null);

    /** They are to rest. */
    public static Steering pause(@Nullable String reason) {
        return new Steering(true, reason);
    }
}
