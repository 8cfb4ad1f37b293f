package io.millrace.node.run;

import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Clock;
import java.util.List;

/** Makes handlers that call webhooks. */
public interface WebhookHandlers {
    /** What keeps one from working: with pointers from {@code /handler} on. */
    List<InputError> check(HandlerSpec.Webhook webhook);

    /**
     * One for a run, or for a part of it.
     *
     * @param clock what the run's deadline is held against
     */
    LaterHandler create(RunOrder order, HandlerSpec.Webhook webhook, Clock clock);
}
