package io.millrace.client;

import org.jspecify.annotations.Nullable;

/** A call of a webhook isn't one of the bus's, or is an old one that somebody repeats: answer 401. */
public final class WebhookRefusedException extends MillraceException {
    private static final long serialVersionUID = 1L;

    WebhookRefusedException(String why, @Nullable Throwable cause) {
        super("the call of the webhook is refused: " + why, null, cause);
    }
}
