package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.ProblemType;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a decision came to. */
final class Deciding {
    /** Nobody listens to a pure decision. */
    @SuppressWarnings("NullAway")
    static final ActorRef<BotReply> NOBODY = null;

    private Deciding() {}

    static BotState accepted(BotState state, BotDecision decision) {
        return Given.apply(state, events(decision));
    }

    static List<BotEvent> events(BotDecision decision) {
        assertThat(decision).isInstanceOf(BotDecision.Accept.class);
        return ((BotDecision.Accept) decision).events();
    }

    static BotReply reply(BotState state, BotDecision decision) {
        return ((BotDecision.Accept) decision).reply().apply(accepted(state, decision));
    }

    static void assertRefused(BotDecision decision, ProblemType type) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        BotDecision.Reject.class,
                        reject -> assertThat(reject.problem().type()).isEqualTo(type.urn()));
    }
}
