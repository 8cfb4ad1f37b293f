package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class AskersTest {
    private final Askers askers = new Askers();

    @Test
    void workersAreServedInTheirOrderAndLateOnesTurnedAway() {
        TestInbox<BotReply> early = TestInbox.create();
        TestInbox<BotReply> late = TestInbox.create();
        BotCommand.Ask first = new BotCommand.Ask("first", 100, early.getRef());
        BotCommand.Ask second = new BotCommand.Ask("second", 5_000, late.getRef());
        BotCommand.Ask third = new BotCommand.Ask("third", 5_000, late.getRef());
        askers.offer(first, 0);
        askers.offer(second, 0);
        askers.offer(third, 0);

        assertThat(askers.next(100)).isEqualTo(second);

        early.expectMessage(new BotReply.Nothing());
        assertThat(askers.next(100)).isEqualTo(third);
        assertThat(askers.next(100)).isNull();
        assertThat(late.hasMessages()).isFalse();
    }

    @Test
    void soManyWorkersMayWait() {
        TestInbox<BotReply> inbox = TestInbox.create();
        for (int i = 0; i < Askers.MAX; i++) {
            assertThat(askers.offer(new BotCommand.Ask("w", 1, inbox.getRef()), 0))
                    .isTrue();
        }
        assertThat(askers.offer(new BotCommand.Ask("w", 1, inbox.getRef()), 0)).isFalse();
    }

    @Test
    void whoHasGoneIsForgottenAndTheOthersAreRefused() {
        TestInbox<BotReply> gone = TestInbox.create();
        TestInbox<BotReply> stays = TestInbox.create();
        askers.offer(new BotCommand.Ask("w", 10, gone.getRef()), 0);
        askers.offer(new BotCommand.Ask("w", 10, stays.getRef()), 0);

        askers.forget(gone.getRef());
        askers.refuseAll(Problem.of(ProblemType.UNAVAILABLE, "away"));

        assertThat(gone.hasMessages()).isFalse();
        stays.expectMessage(new BotReply.Refused(Problem.of(ProblemType.UNAVAILABLE, "away")));
        assertThat(askers.isEmpty()).isTrue();
    }
}
