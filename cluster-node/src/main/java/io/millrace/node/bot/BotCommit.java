package io.millrace.node.bot;

import io.millrace.protocol.Problem;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is being made durable.
 *
 * @param then what follows when it is, with the state that it makes
 * @param otherwise what follows when nobody knows whether it is
 */
record BotCommit(List<BotEvent> events, Consumer<BotState> then, Consumer<Problem> otherwise) {
    /** Nobody waits for it. */
    static BotCommit of(BotEvent event) {
        return new BotCommit(List.of(event), after -> {}, problem -> {});
    }
}
