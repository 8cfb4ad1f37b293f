package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How a bot sleeps, wakes, runs, and obeys. */
class BotActorIT extends BotScene {
    @Test
    void itSleepsAtItsTriggersAndRepeatsThatUntilItIsHeard() {
        register(Given.JAVA, "orders", "returns");
        Awaitility.await().until(() -> host.told.size() == 2);
        assertThat(host.told).containsExactlyInAnyOrder(ASLEEP, "sleep returns z/");

        bot.ref.tell(new BotCommand.Asleep("orders"));
        host.pass(1_000);

        Awaitility.await().until(() -> host.told.size() == 3);
        assertThat(host.told.get(2)).isEqualTo("sleep returns z/");
        bot.ref.tell(new BotCommand.Wake("returns"));
        awaitLaunches(1);
        host.pass(5_000);
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.told.size() == 3);
    }

    @Test
    void aRunIsJournaledBeforeItsHandlerSeesAnything() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);

        // what was launched is what another incarnation finds in the journal
        BotHost.One other = host.start(name);
        BotState found = info(other);
        assertThat(found.epoch()).isEqualTo(1);
        assertThat(host.launched.get(0).ref().epoch()).isEqualTo(1);
        assertThat(found.past()).as("lost with the one that had launched it").hasSize(1);
        assertThat(found.past().get(0).run().run())
                .isEqualTo(host.launched.get(0).ref().run());
        bot = other;
    }

    @Test
    void manyWakesStartOneRun() {
        register(Given.JAVA, "orders", "returns");
        for (int i = 0; i < 50; i++) {
            bot.ref.tell(new BotCommand.Wake(i % 2 == 0 ? "orders" : "returns"));
        }
        awaitLaunches(1);
        assertThat(info(bot).epoch()).isEqualTo(1);
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);
    }

    @Test
    void theNextRunStartsAtOnceWhileEventsWaitAndSleepsElse() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        complete(1, null, Given.at(5));
        Awaitility.await().until(() -> host.told.contains("sleep orders " + Given.id(5)));

        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(2);
        assertThat(host.launched.get(1).checkpoints()).isEqualTo(Given.at(5));
        complete(2, null, Given.at(9));
        bot.ref.tell(new BotCommand.Asleep("orders"));

        assertThat(info(bot).run()).isNull();
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 2);
    }

    @Test
    void aWakeDuringARunIsNoReasonForAnotherOne() {
        register(Given.JAVA, "orders", "returns");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        bot.ref.tell(new BotCommand.Wake("returns"));
        complete(1, null, Given.at(5));

        bot.ref.tell(new BotCommand.Asleep("orders"));
        bot.ref.tell(new BotCommand.Asleep("returns"));

        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);
    }

    @Test
    void aPauseStopsReadingAndAResumeGoesOn() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        ask(replyTo -> new BotCommand.Pause("lunch", replyTo));
        Awaitility.await().until(() -> host.runCalls.contains("stop 1"));
        complete(1, null, Given.at(5));
        bot.ref.tell(new BotCommand.Wake("orders"));
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);

        ask(BotCommand.Resume::new);

        awaitLaunches(2);
    }

    @Test
    void runNowStartsARunThoughNothingWaitsAndOnlyOne() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Asleep("orders"));
        ask(BotCommand.RunNow::new);
        awaitLaunches(1);
        ask(BotCommand.RunNow::new);
        host.pass(2_000);
        complete(1, null, Map.of());
        bot.ref.tell(new BotCommand.Asleep("orders"));
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);
    }

    @Test
    void aKillAbortsTheRunAndEventsThatWaitStartTheNextOne() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);

        ask(BotCommand.Kill::new);

        Awaitility.await().until(() -> host.runCalls.contains("abort 1"));
        assertRefused(complete(1, null, Given.at(1)), ProblemType.STALE_RUN);
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(2);
        assertThat(host.launched.get(1).ref().epoch()).isEqualTo(2);
    }

    @Test
    void aResetAsksTheQueueFromTheNewPositionInANewGeneration() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        ask(replyTo -> new BotCommand.MoveCheckpoints(1, run(1), Given.at(5), replyTo));
        host.told.clear();

        ask(replyTo -> new BotCommand.Reset("orders", Position.BEGINNING, "again", null, replyTo));

        Awaitility.await().until(() -> host.told.contains(ASLEEP));
        assertThat(host.runCalls).containsExactly("abort 1");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(2);
        assertThat(host.launched.get(1).ref().generation()).isEqualTo(1);
    }

    @Test
    void aWakeThatIsNotWantedIsUnsubscribed() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("other"));
        Awaitility.await().until(() -> host.told.contains("unsubscribe other"));
        register(Given.JAVA, "returns");
        Awaitility.await().until(() -> host.told.containsAll(List.of("unsubscribe orders", "sleep returns z/")));
        ask(BotCommand.Archive::new);
        Awaitility.await().until(() -> host.told.contains("unsubscribe returns"));
        ask(BotCommand.Describe::new); // all that the archiving told is told
        int told = host.told.size();
        ask(BotCommand.Describe::new);
        assertThat(host.told).as("looking at it tells nobody anything").hasSize(told);
        assertThat(host.launched).isEmpty();
    }

    @Test
    void itNotesWhereItWroteOnce() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wrote("priced"));
        bot.ref.tell(new BotCommand.Wrote("priced"));
        bot.ref.tell(new BotCommand.Wrote("audit"));
        Awaitility.await().atMost(WAIT).until(() -> info(bot).written().equals(List.of("audit", "priced")));
    }

    @Test
    void aLongLifeIsRecoveredFromASnapshot() {
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        for (int i = 1; i <= 450; i++) {
            int n = i;
            assertThat(ask(replyTo -> new BotCommand.MoveCheckpoints(1, run.run(), Given.at(n), replyTo)))
                    .isInstanceOf(BotReply.Done.class);
        }
        BotState before = info(bot);
        bot.stop();
        bot = host.start(name);

        assertThat(info(bot)).isEqualTo(before);
        assertThat(host.session
                        .execute("SELECT seq FROM " + host.keyspace + ".snapshot WHERE log = ?", "bot|" + name)
                        .all())
                .isNotEmpty();
    }
}
