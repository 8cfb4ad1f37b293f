package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class BotActorIT {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String ASLEEP = "sleep orders z/";
    private static BotHost host;

    private final String name = "bot-" + UUID.randomUUID();
    private BotHost.One bot;

    @BeforeAll
    static void open() {
        host = new BotHost();
    }

    @AfterAll
    static void close() {
        host.close();
    }

    @BeforeEach
    void start() {
        host.told.clear();
        host.launched.clear();
        host.runCalls.clear();
        host.passivated.clear();
        bot = host.start(name);
    }

    @AfterEach
    void stop() {
        bot.stop();
    }

    @Test
    void itSleepsAtItsTriggersAndRepeatsThatUntilItIsHeard() {
        register(Given.JAVA, "orders", "returns");
        assertThat(host.told).containsExactlyInAnyOrder(ASLEEP, "sleep returns z/");

        bot.ref.tell(new BotCommand.Asleep("orders"));
        host.clock.plus(1_000);

        Awaitility.await().until(() -> host.told.size() == 3);
        assertThat(host.told.get(2)).isEqualTo("sleep returns z/");
        bot.ref.tell(new BotCommand.Wake("returns"));
        awaitLaunches(1);
        host.clock.plus(5_000);
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
        assertThat(host.launched.get(0).ref().run())
                .isEqualTo(java.util.Objects.requireNonNull(found.run()).run());
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
        host.clock.plus(5_000);
        for (TestProbe<BotReply> worker : workers.subList(1, 10)) {
            worker.expectMessageClass(BotReply.Nothing.class, WAIT);
        }
        assertThat(info(bot).runs()).isEqualTo(1);
    }

    @Test
    void aWorkerThatIsLostIsReplacedByTheNextOneThatAsks() {
        register(Given.WORKER, "orders");
        BotState.Run first = grant();
        host.clock.plus(BotHost.LOST_AFTER.toMillis() - 1);
        assertThat(ask(replyTo -> new BotCommand.Heartbeat(1, first.run(), replyTo)))
                .isInstanceOf(BotReply.Alive.class);
        host.clock.plus(BotHost.LOST_AFTER.toMillis() - 1);
        assertThat(info(bot).run()).isNotNull();
        host.clock.plus(1);

        Awaitility.await().atMost(WAIT).until(() -> info(bot).run() == null);
        BotState.Run second = grant();

        assertThat(second.epoch()).isEqualTo(2);
        assertThat(info(bot).past().get(0).how()).isEqualTo(BotEvent.How.LOST);
        assertRefused(
                ask(replyTo -> new BotCommand.MoveCheckpoints(1, first.run(), Given.at(1), replyTo)),
                ProblemType.STALE_RUN);
        assertRefused(
                ask(replyTo -> new BotCommand.Complete(1, first.run(), null, Map.of(), replyTo)),
                ProblemType.STALE_RUN);
    }

    @Test
    void checkpointsCountAsHeartbeats() {
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        host.clock.plus(14_000);
        assertThat(ask(replyTo -> new BotCommand.MoveCheckpoints(1, run.run(), Given.at(1), replyTo)))
                .isInstanceOf(BotReply.Done.class);
        host.clock.plus(14_000);
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> info(bot).run() != null);
    }

    @Test
    void aRunThatOverstaysIsEndedAndItsSuccessorWaits() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        host.clock.plus(Duration.ofMinutes(15).toMillis());

        Awaitility.await().atMost(WAIT).until(() -> host.runCalls.contains("abort 1"));
        assertThat(info(bot).lastError()).contains("deadline");
        bot.ref.tell(new BotCommand.Wake("orders"));
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);
        host.clock.plus(2_250);
        awaitLaunches(2);
        assertThat(host.launched.get(1).ref().epoch()).isEqualTo(2);
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
    void afterAnErrorItWaitsAndTriesAgain() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        complete(1, "boom", Map.of());
        bot.ref.tell(new BotCommand.Wake("orders"));
        Awaitility.await().during(Duration.ofMillis(600)).until(() -> host.launched.size() == 1);
        assertThat(info(bot).errorCount()).isEqualTo(1);

        host.clock.plus(2_250);

        awaitLaunches(2);
    }

    @Test
    void aPauseStopsReadingAndAResumeGoesOn() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        ask(replyTo -> new BotCommand.Pause("lunch", replyTo));
        assertThat(host.runCalls).containsExactly("stop 1");
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
        host.clock.plus(2_000);
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

        assertThat(host.runCalls).containsExactly("abort 1");
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

        ask(replyTo -> new BotCommand.Reset("orders", Position.BEGINNING, "again", replyTo));

        assertThat(host.runCalls).containsExactly("abort 1");
        assertThat(host.told).containsExactly(ASLEEP);
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(2);
        assertThat(host.launched.get(1).ref().generation()).isEqualTo(1);
    }

    @Test
    void aJavaRunOfAnEarlierIncarnationIsLostAndTheNextOneStarts() {
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
    void aWorkersRunOutlivesTheActor() {
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        bot.stop();
        host.clock.plus(14_000);

        bot = host.start(name);
        assertThat(ask(replyTo -> new BotCommand.Heartbeat(1, run.run(), replyTo)))
                .isInstanceOf(BotReply.Alive.class);
        host.clock.plus(14_000);
        assertThat(ask(replyTo -> new BotCommand.Complete(1, run.run(), null, Given.at(3), replyTo)))
                .isInstanceOf(BotReply.Done.class);
    }

    @Test
    void aWorkerThatFindsNothingInItsTimeIsToldSo() {
        register(Given.WORKER, "orders");
        bot.ref.tell(new BotCommand.Ask("worker", 1_000, bot.replies.getRef()));
        bot.replies.expectNoMessage(Duration.ofMillis(600));
        host.clock.plus(1_000);
        bot.replies.expectMessage(WAIT, new BotReply.Nothing());
    }

    @Test
    void whoIsNoWorkersBotGivesNoRuns() {
        assertRefused(ask(replyTo -> new BotCommand.Ask("w", 0, replyTo)), ProblemType.NOT_FOUND);
        register(Given.JAVA, "orders");
        assertRefused(ask(replyTo -> new BotCommand.Ask("w", 0, replyTo)), ProblemType.CONFLICT);
    }

    @Test
    void aWakeThatIsNotWantedIsUnsubscribed() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("other"));
        Awaitility.await().until(() -> host.told.contains("unsubscribe other"));
        register(Given.JAVA, "returns");
        assertThat(host.told).contains("unsubscribe orders", "sleep returns z/");
        ask(BotCommand.Archive::new);
        Awaitility.await().until(() -> host.told.contains("unsubscribe returns"));
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
        assertThat(info(bot).written()).containsExactly("audit", "priced");
    }

    @Test
    void atRestItAsksToBeLetGoButNotWhileSomethingIsUnderWay() {
        bot.stop();
        bot = host.start(name, Duration.ofMillis(300));
        register(Given.WORKER, "orders");
        BotState.Run run = grant();
        host.passivated.clear();
        Awaitility.await().during(Duration.ofMillis(1_200)).until(host.passivated::isEmpty);

        ask(replyTo -> new BotCommand.Complete(1, run.run(), null, Given.at(3), replyTo));
        bot.ref.tell(new BotCommand.Asleep("orders"));

        Awaitility.await().atMost(WAIT).until(() -> !host.passivated.isEmpty());
    }

    @Test
    void aBotWhoseLogWasTakenFromItClaimsItAgainAndGoesOn() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        // given another incarnation that has claimed the log, and ended
        BotHost.One other = host.start(name);
        info(other);
        other.stop();

        // when the first one writes, its write fails and it restarts
        bot.ref.tell(new BotCommand.Pause("lost", bot.replies.getRef()));

        // then it goes on with what is durable; its own run has ended with its incarnation
        Awaitility.await().atMost(WAIT).until(() -> host.runCalls.contains("abort 1"));
        BotState after = info(bot);
        assertThat(after.paused()).isFalse();
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(2);
        assertThat(host.launched.get(1).ref().epoch()).isEqualTo(2);
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

    private void register(HandlerSpec handler, String... triggers) {
        assertThat(ask(replyTo -> new BotCommand.Register(Given.config(handler, triggers), null, replyTo)))
                .isInstanceOf(BotReply.Info.class);
    }

    /** Has a worker ask for a run, and events wait. */
    private BotState.Run grant() {
        TestProbe<BotReply> worker = host.probe();
        bot.ref.tell(new BotCommand.Ask("worker", 60_000, worker.getRef()));
        bot.ref.tell(new BotCommand.Wake("orders"));
        return worker.expectMessageClass(BotReply.Granted.class, WAIT).run();
    }

    private BotReply complete(
            long epoch,
            @org.jspecify.annotations.Nullable String error,
            Map<String, io.millrace.protocol.Checkpoint> read) {
        return ask(replyTo -> new BotCommand.Complete(epoch, run(epoch), error, read, replyTo));
    }

    private String run(long epoch) {
        return host.launched.get((int) epoch - 1).ref().run();
    }

    private BotReply ask(Function<ActorRef<BotReply>, BotCommand> command) {
        bot.ref.tell(command.apply(bot.replies.getRef()));
        return bot.replies.receiveMessage(WAIT);
    }

    private static BotState info(BotHost.One one) {
        TestProbe<BotReply> probe = host.probe();
        one.ref.tell(new BotCommand.Describe(probe.getRef()));
        return probe.expectMessageClass(BotReply.Info.class, WAIT).state();
    }

    private static void assertRefused(BotReply reply, ProblemType type) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        BotReply.Refused.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(type.urn()));
    }

    private static void awaitLaunches(int count) {
        Awaitility.await().atMost(WAIT).until(() -> host.launched.size() == count);
    }
}
