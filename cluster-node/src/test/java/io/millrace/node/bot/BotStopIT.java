package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.ProblemType;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How a bot ends: let go, moved, fenced, or with its storage away. */
class BotStopIT extends BotScene {
    @Test
    void atRestItAsksToBeLetGoButNotWhileSomethingIsUnderWay() {
        bot.stop();
        bot = host.start(name, Duration.ofMillis(300));
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        host.passivated.clear();
        Awaitility.await().during(Duration.ofMillis(1_200)).until(host.passivated::isEmpty);

        ask(replyTo -> new BotCommand.Complete(1, run.run(), null, Given.at(3), 0, replyTo));
        bot.ref.tell(new BotCommand.Asleep("orders"));

        Awaitility.await().atMost(WAIT).until(() -> !host.passivated.isEmpty());
    }

    @Test
    void aBotWhoseLogWasTakenFromItStopsAndLeavesItToItsSuccessor() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        // given another incarnation that has claimed the log, as on the other side of a partition
        BotHost.One successor = host.start(name);
        info(successor);

        // when the first one writes
        TestProbe<BotReply> late = host.probe();
        bot.ref.tell(new BotCommand.Pause("lost", late.getRef()));

        // then who asked doesn't wait in vain, its run ends, it goes for good, and its successor isn't fenced in turn
        assertRefused(late.expectMessageClass(BotReply.Refused.class, WAIT), ProblemType.UNKNOWN_OUTCOME);
        bot.replies.expectTerminated(bot.ref, WAIT);
        assertThat(host.runCalls).containsExactly("abort 1");
        bot = successor;
        assertThat(info(bot).paused()).isFalse();
        assertThat(ask(replyTo -> new BotCommand.Pause("mine", replyTo))).isInstanceOf(BotReply.Info.class);
    }

    @Test
    void whileStorageIsAwayEveryRequestIsRefusedAtOnceAndThenItGoesOn() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        host.storage.dropRequests();
        try {
            assertRefused(ask(replyTo -> new BotCommand.Pause("?", replyTo)), ProblemType.UNKNOWN_OUTCOME);
            for (int i = 0; i < 5; i++) {
                assertRefused(ask(BotCommand.Describe::new), ProblemType.UNAVAILABLE);
            }
            assertThat(host.runCalls).containsExactly("abort 1");
        } finally {
            host.storage.heal();
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> ask(BotCommand.Describe::new) instanceof BotReply.Info);
        Awaitility.await().atMost(WAIT).until(() -> info(bot).run() == null);
        ask(BotCommand.Resume::new);
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(2);
    }

    @Test
    void aFullLineRefusesAtOnceAndEverythingInItIsAnswered() {
        register(Given.WORKER, "orders");
        host.storage.holdRequests();
        TestProbe<BotReply> many = host.probe();
        bot.ref.tell(new BotCommand.Pause("slow", many.getRef()));
        for (int i = 0; i < Line.MAX + 10; i++) {
            bot.ref.tell(new BotCommand.Describe(many.getRef()));
        }
        for (int i = 0; i < 10; i++) {
            assertRefused(many.receiveMessage(WAIT), ProblemType.TOO_MANY_REQUESTS);
        }
        host.storage.release();
        for (int i = 0; i < Line.MAX + 1; i++) {
            assertThat(many.receiveMessage(WAIT)).isInstanceOf(BotReply.Info.class);
        }
    }

    @Test
    void aStopDoesntWaitForStorageAndTellsThoseWhoWait() {
        register(Given.WORKER, "orders");
        TestProbe<BotReply> waiting = host.probe();
        bot.ref.tell(new BotCommand.Ask("worker", 60_000, waiting.getRef()));
        host.storage.holdRequests();
        try {
            bot.ref.tell(new BotCommand.Pause("?", bot.replies.getRef()));
            bot.ref.tell(BotCommand.Stop.STOP);

            assertRefused(waiting.receiveMessage(WAIT), ProblemType.UNAVAILABLE);
            assertRefused(bot.replies.receiveMessage(Duration.ofMillis(1_900)), ProblemType.UNKNOWN_OUTCOME);
            bot.replies.expectTerminated(bot.ref, WAIT);
        } finally {
            host.storage.release();
        }
        assertThat(host.legacy).containsExactly(BotCommand.Check.ALL);
        bot = host.start(name);
    }

    @Test
    void aStopLeavesTheEventsThatWaitToTheSuccessor() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Asleep("orders"));
        ask(BotCommand.Describe::new);

        // when it is told to stop although it was woken: it had asked to be let go just before
        bot.ref.tell(new BotCommand.Wake("orders"));
        bot.stop();

        assertThat(host.legacy).containsExactly(BotCommand.Check.ALL);
        bot = host.start(name);
        ask(BotCommand.Describe::new);
    }

    @Test
    void aStopAtRestLeavesNothing() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Asleep("orders"));
        ask(BotCommand.Describe::new);
        bot.stop();
        assertThat(host.legacy).isEmpty();
        bot = host.start(name);
    }

    @Test
    void theSweepersQuestionsDontKeepItInMemory() {
        bot.stop();
        bot = host.start(name, Duration.ofMillis(500));
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Asleep("orders"));
        ask(BotCommand.Describe::new);

        Awaitility.await().atMost(WAIT).pollInterval(Duration.ofMillis(50)).until(() -> {
            bot.ref.tell(BotCommand.Check.ALL);
            bot.ref.tell(new BotCommand.Asleep("orders"));
            return !host.passivated.isEmpty();
        });
    }

    @Test
    void aBotThatWasBroughtBackOnlyByTheSweeperAndFindsNothingGoesAtOnce() {
        register(Given.JAVA, "orders");
        bot.stop();
        host.forget();
        bot = host.start(name); // with five minutes to idle

        bot.ref.tell(BotCommand.Check.ALL);
        Awaitility.await().atMost(WAIT).until(() -> host.told.contains(ASLEEP));
        assertThat(host.passivated).isEmpty();
        bot.ref.tell(new BotCommand.Asleep("orders"));

        Awaitility.await().atMost(WAIT).until(() -> !host.passivated.isEmpty());
    }

    @Test
    void whatTheSweeperTellsABotThatIsBeingReadStartsItsRunThoughNoQueueAnswers() {
        register(Given.JAVA, "orders");
        bot.stop();
        host.forget();
        bot = host.start(name);

        bot.ref.tell(new BotCommand.Check("orders", Given.id(3)));

        awaitLaunches(1);
    }

    @Test
    void aWakeThatBringsABotBackStartsItsRunWithoutAskingTheQueueAgain() {
        register(Given.JAVA, "orders");
        bot.stop();
        host.forget();
        bot = host.start(name);

        bot.ref.tell(new BotCommand.Wake("orders"));

        awaitLaunches(1);
        assertThat(host.told).isEmpty();
    }
}
