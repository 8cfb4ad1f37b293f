package io.millrace.node.bot;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.util.List;
import java.util.function.Function;

/** What a bot decides about a command. */
sealed interface BotDecision {
    /**
     * These events, perhaps none, and then this answer.
     *
     * @param reply from the state that results
     */
    record Accept(List<BotEvent> events, Function<BotState, BotReply> reply) implements BotDecision {}

    /** No. */
    record Reject(Problem problem) implements BotDecision {}

    static BotDecision accept(List<BotEvent> events, Function<BotState, BotReply> reply) {
        return new Accept(events, reply);
    }

    static BotDecision reject(ProblemType type, String detail) {
        return new Reject(Problem.of(type, detail));
    }
}
