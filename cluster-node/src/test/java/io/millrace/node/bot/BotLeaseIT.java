package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who holds the lease of a run, for how long, and who gets the next one. */
class BotLeaseIT extends BotScene {
    @Test
    void ofManyWorkersThatAskOneGetsTheRun() {
        register(Given.WORKER, "orders");
        List<TestProbe<BotReply>> workers = new ArrayList<>();
        bot.ref.tell(new BotCommand.Wake("orders"));
        for (int i = 0; i < 10; i++) {
            TestProbe<BotReply> worker = host.probe();
            workers.add(worker);
            bot.ref.tell(new BotCommand.Ask("worker-" + i, 5_000, worker.getRef()));
        }

        BotReply.Granted granted = workers.get(0).expectMessageClass(BotReply.Granted.class, WAIT);
        assertThat(granted.run().worker()).isEqualTo("worker-0");
        assertThat(granted.run().epoch()).isEqualTo(1);
        assertThat(info(bot).runs()).as("it has heard all of them").isEqualTo(1);
        host.pass(5_000);
        for (TestProbe<BotReply> worker : workers.subList(1, 10)) {
            worker.expectMessageClass(BotReply.Nothing.class, WAIT);
        }
        assertThat(info(bot).runs()).isEqualTo(1);
    }

    @Test
    void aWorkerThatIsLostIsReplacedByTheNextOneThatAsks() {
        register(Given.WORKER, "orders");
        BotState.Run first = grant();
        host.pass(BotHost.LOST_AFTER.toMillis() - 1);
        assertThat(ask(replyTo -> new BotCommand.Heartbeat(1, first.run(), replyTo)))
                .isInstanceOf(BotReply.Alive.class);
        host.pass(BotHost.LOST_AFTER.toMillis() - 1);
        assertThat(info(bot).run()).isNotNull();
        host.pass(1);

        Awaitility.await().atMost(WAIT).until(() -> info(bot).run() == null);
        BotState.Run second = grant();

        assertThat(second.epoch()).isEqualTo(2);
        assertThat(info(bot).past().get(0).how()).isEqualTo(BotEvent.How.LOST);
        assertRefused(
                ask(replyTo -> new BotCommand.MoveCheckpoints(1, first.run(), Given.at(1), replyTo)),
                ProblemType.STALE_RUN);
        assertRefused(
                ask(replyTo -> new BotCommand.Complete(1, first.run(), null, Map.of(), 0, replyTo)),
                ProblemType.STALE_RUN);
    }

    @Test
    void theNextRunBeginsWhenEveryQueueThatTheBotWritesToKnowsThatTheLastOneIsOver() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        assertThat(ask(replyTo -> new BotCommand.Admit(1, run(1), "out", replyTo)))
                .isInstanceOf(BotReply.Done.class);
        complete(1, null, Given.at(1));
        Awaitility.await().atMost(WAIT).until(() -> host.told.contains("fence out 2"));
        bot.ref.tell(new BotCommand.Wake("orders"));
        host.told.clear();
        host.pass(1_000);
        Awaitility.await().atMost(WAIT).until(() -> host.told.contains("fence out 2"));
        assertThat(info(bot).run()).isNull();

        bot.ref.tell(new BotCommand.Fenced("out", 2));

        awaitLaunches(2);
        assertRefused(ask(replyTo -> new BotCommand.Admit(1, run(1), "elsewhere", replyTo)), ProblemType.STALE_RUN);
    }

    @Test
    void checkpointsCountAsHeartbeats() {
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        host.pass(14_000);
        assertThat(ask(replyTo -> new BotCommand.MoveCheckpoints(1, run.run(), Given.at(1), replyTo)))
                .isInstanceOf(BotReply.Done.class);
        host.pass(14_000);
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> info(bot).run() != null);
    }

    @Test
    void aRunThatOverstaysIsEndedAndItsSuccessorWaits() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        host.pass(Duration.ofMinutes(15).toMillis());

        Awaitility.await().atMost(WAIT).until(() -> host.runCalls.contains("abort 1"));
        assertThat(info(bot).lastError()).contains("deadline");
        bot.ref.tell(new BotCommand.Wake("orders"));
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);
        host.pass(2_475);
        awaitLaunches(2);
        assertThat(host.launched.get(1).ref().epoch()).isEqualTo(2);
    }

    @Test
    void aWorkersRunOutlivesTheActor() {
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        bot.stop();
        host.pass(14_000);

        bot = host.start(name);
        assertThat(ask(replyTo -> new BotCommand.Heartbeat(1, run.run(), replyTo)))
                .isInstanceOf(BotReply.Alive.class);
        host.pass(14_000);
        assertThat(ask(replyTo -> new BotCommand.Complete(1, run.run(), null, Given.at(3), 0, replyTo)))
                .isInstanceOf(BotReply.Done.class);
    }

    @Test
    void aWorkerThatFindsNothingInItsTimeIsToldSo() {
        register(Given.WORKER, "orders");
        bot.ref.tell(new BotCommand.Ask("worker", 1_000, bot.replies.getRef()));
        bot.replies.expectNoMessage(Duration.ofMillis(600));
        host.pass(1_000);
        bot.replies.expectMessage(WAIT, new BotReply.Nothing());
    }

    @Test
    void whoIsNoWorkersBotGivesNoRuns() {
        assertRefused(ask(replyTo -> new BotCommand.Ask("w", 0, replyTo)), ProblemType.NOT_FOUND);
        register(Given.JAVA, "orders");
        assertRefused(ask(replyTo -> new BotCommand.Ask("w", 0, replyTo)), ProblemType.CONFLICT);
    }

    @Test
    void aNodeRunOfAnEarlierIncarnationIsLostAndTheNextOneStarts() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        bot.stop();
        assertThat(host.runCalls).as("its run ends with it").containsExactly("abort 1");
        host.told.clear();

        bot = host.start(name);
        Awaitility.await().atMost(WAIT).until(() -> host.told.contains(ASLEEP));
        bot.ref.tell(new BotCommand.Wake("orders"));

        awaitLaunches(2);
        assertThat(host.launched.get(1).ref().epoch()).isEqualTo(2);
        assertThat(info(bot).past().get(0).how()).isEqualTo(BotEvent.How.LOST);
    }

    @Test
    void afterAnErrorItWaitsAndTriesAgain() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        complete(1, "boom", Map.of());
        bot.ref.tell(new BotCommand.Wake("orders"));
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);
        assertThat(info(bot).errorCount()).isEqualTo(1);

        host.pass(2_475);

        awaitLaunches(2);
    }

    @Test
    void aClockThatJumpsNeitherEndsALeaseNorKeepsIt() {
        bot.stop();
        bot = host.start(name, Duration.ofMinutes(5));
        ask(replyTo -> new BotCommand.Register(
                Given.config(Given.WORKER, Duration.ofSeconds(30), null, "orders"), null, replyTo));
        BotState.Run run = grant();

        host.clock.plus(60_000);
        assertThat(heartbeat(run)).isInstanceOf(BotReply.Alive.class);
        host.clock.plus(-180_000);
        host.ticker.plus(14_999);
        assertThat(heartbeat(run)).as("15 s of 30 are over").isEqualTo(new BotReply.Alive(false, run.deadline()));
        host.ticker.plus(14_999);
        assertThat(heartbeat(run)).isEqualTo(new BotReply.Alive(true, run.deadline()));
        host.ticker.plus(2);

        assertRefused(heartbeat(run), ProblemType.STALE_RUN);
        Awaitility.await().atMost(WAIT).until(() -> info(bot).run() == null);
        assertThat(info(bot).past().get(0).how()).isEqualTo(BotEvent.How.EXPIRED);
    }

    @Test
    void aClockThatJumpsDoesntMakeASilentWorkerLiveLonger() {
        register(Given.WORKER, "orders");
        grant();
        host.clock.plus(-60_000);
        host.ticker.plus(BotHost.LOST_AFTER.toMillis());
        Awaitility.await().atMost(WAIT).until(() -> info(bot).run() == null);
        assertThat(info(bot).past().get(0).how()).isEqualTo(BotEvent.How.LOST);
    }

    @Test
    void anEventThatKillsItsWorkersDoesntDoSoAtFullSpeed() {
        register(Given.WORKER, "orders");
        for (int i = 0; i < 2; i++) { // the first replacement comes at once
            grant();
            host.pass(BotHost.LOST_AFTER.toMillis());
            Awaitility.await().atMost(WAIT).until(() -> info(bot).run() == null);
        }
        bot.ref.tell(new BotCommand.Wake("orders"));
        bot.ref.tell(new BotCommand.Ask("worker", 60_000, bot.replies.getRef()));
        bot.replies.expectNoMessage(Duration.ofMillis(600));
        assertThat(info(bot).errorCount()).isZero();

        host.pass(1_000);

        assertThat(bot.replies
                        .expectMessageClass(BotReply.Granted.class, WAIT)
                        .run()
                        .epoch())
                .isEqualTo(3);
    }

    @Test
    void aWorkerThatHasGoneGetsNoRunAndTheNextOneDoes() {
        register(Given.WORKER, "orders");
        TestProbe<BotReply> gone = host.probe();
        TestProbe<BotReply> stays = host.probe();
        bot.ref.tell(new BotCommand.Ask("gone", 60_000, gone.getRef()));
        bot.ref.tell(new BotCommand.Ask("stays", 60_000, stays.getRef()));

        bot.ref.tell(new BotCommand.Unask(gone.getRef()));
        bot.ref.tell(new BotCommand.Wake("orders"));

        assertThat(stays.expectMessageClass(BotReply.Granted.class, WAIT).run().worker())
                .isEqualTo("stays");
        gone.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void aRunThatWasGrantedToSomebodyWhoHasGoneIsReplacedAtOnce() {
        register(Given.WORKER, "orders");
        TestProbe<BotReply> gone = host.probe();
        bot.ref.tell(new BotCommand.Ask("gone", 60_000, gone.getRef()));
        bot.ref.tell(new BotCommand.Wake("orders"));
        bot.ref.tell(new BotCommand.Unask(gone.getRef())); // while the run becomes durable, or just after

        Awaitility.await().atMost(WAIT).until(() -> !info(bot).past().isEmpty());
        BotState.Run run = grant();

        assertThat(run.epoch()).isEqualTo(2);
        assertThat(run.worker()).isEqualTo("worker");
    }

    @Test
    void whoIsHeardOfIsNotTakenForGone() {
        register(Given.WORKER, "orders");
        TestProbe<BotReply> worker = host.probe();
        bot.ref.tell(new BotCommand.Ask("worker", 60_000, worker.getRef()));
        bot.ref.tell(new BotCommand.Wake("orders"));
        BotState.Run run =
                worker.expectMessageClass(BotReply.Granted.class, WAIT).run();
        assertThat(heartbeat(run)).isInstanceOf(BotReply.Alive.class);

        bot.ref.tell(new BotCommand.Unask(worker.getRef()));

        assertThat(heartbeat(run)).isInstanceOf(BotReply.Alive.class);
    }

    @Test
    void aPausedQueueStopsTheRunAndIsLeftOutOfTheNextOne() {
        register(Given.JAVA, "orders", "returns");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);

        bot.ref.tell(new BotCommand.Held("orders"));

        Awaitility.await().until(() -> host.runCalls.contains("stop 1"));
        complete(1, null, Given.at(5));
        bot.ref.tell(new BotCommand.Held("orders"));
        bot.ref.tell(new BotCommand.Wake("returns"));
        awaitLaunches(2);
        assertThat(host.launched.get(1).triggers()).containsExactly("returns");
    }

    @Test
    void whoIsHeldAndToldToLookAsksTheQueueFirst() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Asleep("orders"));
        bot.ref.tell(new BotCommand.Held("orders"));
        assertThat(info(bot).run()).isNull();
        host.told.clear();

        bot.ref.tell(new BotCommand.Check("orders", new EventId(1, 0)));

        Awaitility.await().atMost(WAIT).until(() -> host.told.contains(ASLEEP));
        assertThat(host.launched).isEmpty();
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        assertThat(host.launched.get(0).triggers()).containsExactly("orders");
    }

    @Test
    void aRunThatBeganWithoutTheQueueIsNotStoppedByHearingAgainThatItIsPaused() {
        register(Given.JAVA, "orders", "returns");
        bot.ref.tell(new BotCommand.Held("orders"));
        bot.ref.tell(new BotCommand.Wake("returns"));
        awaitLaunches(1);

        bot.ref.tell(new BotCommand.Held("orders"));

        assertThat(info(bot).run()).isNotNull();
        assertThat(host.runCalls).isEmpty();
    }

    @Test
    void aWorkerIsToldToStopWhenItsQueueIsPaused() {
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        assertThat(heartbeat(run)).isEqualTo(new BotReply.Alive(false, run.deadline()));
        bot.ref.tell(new BotCommand.Held("orders"));
        assertThat(heartbeat(run)).isEqualTo(new BotReply.Alive(true, run.deadline()));
    }

    private BotReply heartbeat(BotState.Run run) {
        return ask(replyTo -> new BotCommand.Heartbeat(run.epoch(), run.run(), replyTo));
    }
}
