package io.millrace.client.internal;

import org.jspecify.annotations.Nullable;

/** No attempt got an answer in time. */
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is known about the effect of the request. */
    public enum Effect {
        /** It never reached a node. */
        NONE,
        /** It may have. */
        UNKNOWN,
        /** The transport was closed; what was under way is unknown. */
        CLOSED
    }

    private final Effect effect;

    TransportException(Effect effect, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.effect = effect;
    }

    public Effect effect() {
        return effect;
    }
}
