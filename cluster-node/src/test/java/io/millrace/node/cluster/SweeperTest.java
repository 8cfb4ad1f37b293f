package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.journal.NamePage;
import io.millrace.node.journal.ScheduledBot;
import io.millrace.node.run.MovableClock;
import io.millrace.protocol.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The sweeper and who reports to it, with the messages between them serialized and sometimes lost. */
class SweeperTest {
    private static final Config AS_A_NODE = ConfigFactory.parseString("""
                    pekko.actor.provider = cluster
                    pekko.actor.serialize-messages = on
                    pekko.remote.artery.canonical.port = 0
                    """)
            .withFallback(ConfigFactory.parseResources("millrace.conf"))
            .withFallback(ConfigFactory.load())
            .resolve();

    private static final ActorTestKit KIT = ActorTestKit.create("millrace", AS_A_NODE);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final EventId LAST = new EventId(1_700_000_000_000L, 7);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MovedQueues moved = new MovedQueues(meters);
    private final List<String> checked = new CopyOnWriteArrayList<>();
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final AtomicLong broken = new AtomicLong();
    private final List<ScheduledBot> planned = new CopyOnWriteArrayList<>();
    private final List<String> slots = new CopyOnWriteArrayList<>();
    private final AtomicLong unplanned = new AtomicLong();
    private final MovableClock clock =
            new MovableClock(Instant.parse("2026-11-22T05:30:30Z").toEpochMilli());

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void atItsStartEveryBotIsAskedOnceThoughTheDirectoryFailsOnce() {
        for (int i = 0; i < 250; i++) {
            names.add(String.format("bot-%03d", i));
        }
        broken.set(1);
        sweeper(Duration.ofHours(1));
        awaitChecked(names);
        assertThat(count("sweeps")).isEqualTo(1);
        assertThat(count("checks")).isEqualTo(250);
    }

    @Test
    void sweepsAreAskedForWhileOneIsUnderWayAndOneFollows() {
        names.addAll(List.of("a", "b"));
        broken.set(1);
        ActorRef<Sweeper.Message> sweeper = sweeper(Duration.ofHours(1));
        TestProbe<MoveReporter.Heard> heard = KIT.createTestProbe();
        for (int i = 1; i <= 5; i++) {
            sweeper.tell(new Sweeper.Report(i, true, List.of(), heard.getRef()));
            heard.expectMessage(WAIT, new MoveReporter.Heard(i));
        }
        awaitChecked(List.of("a", "b", "a", "b"));
        assertThat(count("sweeps")).isEqualTo(2);
    }

    @Test
    void itSweepsFromTimeToTime() {
        names.add("a");
        sweeper(Duration.ofMillis(300));
        awaitChecked(List.of("a", "a", "a"));
    }

    @Test
    void whatIsNotedReachesTheBotsPageAfterPage() {
        ActorRef<Sweeper.Message> sweeper = sweeper(Duration.ofHours(1));
        for (int i = 0; i < 2_000; i++) {
            moved.moved("orders", LAST, "bot-" + i);
        }
        KIT.spawn(MoveReporter.create(moved, sweeper, () -> System.nanoTime() / 1_000_000));
        Awaitility.await().atMost(WAIT).until(() -> checked.size() == 2_000);
        assertThat(checked).contains("bot-0 orders " + LAST, "bot-1999 orders " + LAST);
        Awaitility.await().atMost(WAIT).until(() -> count("reports") > 1);
        assertThat(moved.size()).isZero();
    }

    @Test
    void aReportThatIsNotHeardIsRepeatedWithWhatHasComeSince() {
        TestProbe<Sweeper.Report> deaf = KIT.createTestProbe();
        ActorRef<MoveReporter.Message> reporter =
                KIT.spawn(MoveReporter.create(moved, deaf.getRef(), () -> System.nanoTime() / 1_000_000));
        moved.moved("orders", LAST, "b");
        Sweeper.Report lost = deaf.receiveMessage(WAIT);
        moved.moved("orders", LAST.plus(1), "c");

        Sweeper.Report again = deaf.receiveMessage(WAIT);
        assertThat(again.number()).isGreaterThan(lost.number());
        assertThat(again.moves())
                .containsExactlyInAnyOrder(new Move("orders", "b", LAST), new Move("orders", "c", LAST.plus(1)));

        // An answer to the lost one comes late, and ends nothing.
        reporter.tell(new MoveReporter.Heard(lost.number()));
        Sweeper.Report third = deaf.receiveMessage(WAIT);
        assertThat(third.moves()).hasSize(2);
        reporter.tell(new MoveReporter.Heard(third.number()));
        deaf.expectNoMessage(Duration.ofSeconds(3));
        assertThat(count("repeated")).isEqualTo(2);
        assertThat(count("reports")).isEqualTo(1);
    }

    @Test
    void afterANodeHasGoneEveryBotIsAsked() {
        Cluster here = Cluster.get(KIT.system());
        here.manager().tell(Join.create(here.selfMember().address()));
        ActorTestKit second = ActorTestKit.create("millrace", AS_A_NODE);
        try {
            Cluster there = Cluster.get(second.system());
            there.manager().tell(Join.create(here.selfMember().address()));
            Awaitility.await()
                    .atMost(WAIT.multipliedBy(3))
                    .until(() -> there.selfMember().status().equals(MemberStatus.up()));
            names.add("a");
            sweeper(Duration.ofHours(1));
            awaitChecked(names);

            there.manager().tell(Leave.create(there.selfMember().address()));

            awaitChecked(List.of("a", "a"));
            assertThat(count("sweeps")).isEqualTo(2);
        } finally {
            second.shutdownTestKit();
        }
    }

    @Test
    void eachBotIsToldWhenItsSlotComesAndNoneBefore() {
        planned.add(new ScheduledBot("minutely", "* * * * *", null));
        planned.add(new ScheduledBot("hourly", "0 * * * *", "UTC"));
        planned.add(new ScheduledBot("broken", "what?", null));
        clock.plus(-26_000);
        unplanned.set(1);
        sweeper(Duration.ofHours(1));
        awaitSlots("minutely 2026-11-22T05:30:04Z"); // it came while nobody watched

        clock.plus(55_999);
        clock.plus(1);
        awaitSlots("minutely 2026-11-22T05:30:04Z", "minutely 2026-11-22T05:31:00Z");
        clock.plus(Duration.ofMinutes(29).toMillis());
        awaitSlots(
                "minutely 2026-11-22T05:30:04Z",
                "minutely 2026-11-22T05:31:00Z",
                "minutely 2026-11-22T06:00:00Z",
                "hourly 2026-11-22T06:00:00Z");
        assertThat(count("slots")).isEqualTo(4);
    }

    @Test
    void aScheduleThatChangesIsHeardOfAtOnce() {
        ActorRef<Sweeper.Message> sweeper = sweeper(Duration.ofHours(1));
        sweeper.tell(new Sweeper.Scheduled(new ScheduledBot("b", "31 5 * * *", null)));
        sweeper.tell(new Sweeper.Scheduled(new ScheduledBot("c", "31 5 * * *", null)));
        sweeper.tell(new Sweeper.Scheduled(new ScheduledBot("b", "32 5 * * *", null)));
        sweeper.tell(new Sweeper.Scheduled(new ScheduledBot("d", "31 5 * * *", null)));
        sweeper.tell(new Sweeper.Unscheduled("c"));
        awaitHandled(sweeper);

        clock.plus(31_000);
        awaitSlots("d 2026-11-22T05:31:01Z");
        clock.plus(60_000);
        awaitSlots("d 2026-11-22T05:31:01Z", "b 2026-11-22T05:32:01Z");
    }

    @Test
    void aClockThatIsSetBackIsFollowed() {
        ActorRef<Sweeper.Message> sweeper = sweeper(Duration.ofHours(1));
        sweeper.tell(new Sweeper.Scheduled(new ScheduledBot("b", "* * * * *", null)));
        awaitHandled(sweeper);
        clock.plus(Duration.ofDays(365).toMillis());
        awaitSlots("b 2027-11-22T05:30:30Z");

        clock.plus(-Duration.ofDays(365).toMillis());
        awaitHandled(sweeper);
        sweeper.tell(Sweeper.Look.AT_SLOTS);
        awaitHandled(sweeper);
        clock.plus(30_000);
        awaitSlots("b 2027-11-22T05:30:30Z", "b 2026-11-22T05:31:00Z");
    }

    private void awaitHandled(ActorRef<Sweeper.Message> sweeper) {
        TestProbe<MoveReporter.Heard> heard = KIT.createTestProbe();
        sweeper.tell(new Sweeper.Report(1, false, List.of(), heard.getRef()));
        heard.expectMessage(WAIT, new MoveReporter.Heard(1));
    }

    private ActorRef<Sweeper.Message> sweeper(Duration every) {
        return KIT.spawn(Sweeper.create(
                moved.metrics(),
                this::page,
                checked::add,
                (bot, queue, last) -> checked.add(bot + " " + queue + " " + last),
                every,
                this::plan,
                bot -> slots.add(bot + " " + clock.instant()),
                clock));
    }

    private CompletionStage<List<ScheduledBot>> plan(int shard, String after, int limit) {
        if (unplanned.getAndDecrement() > 0) {
            return CompletableFuture.failedStage(new IllegalStateException("no plan"));
        }
        List<ScheduledBot> page = planned.stream()
                .filter(bot -> Math.floorMod(bot.bot().hashCode(), 16) == shard
                        && bot.bot().compareTo(after) > 0)
                .sorted(Comparator.comparing(ScheduledBot::bot))
                .limit(limit)
                .toList();
        return CompletableFuture.completedStage(page);
    }

    private void awaitSlots(String... expected) {
        Awaitility.await().atMost(WAIT).untilAsserted(() -> assertThat(slots).containsExactlyInAnyOrder(expected));
    }

    private CompletionStage<NamePage> page(String after, int limit) {
        if (broken.getAndDecrement() > 0) {
            return CompletableFuture.failedStage(new IllegalStateException("no directory"));
        }
        List<String> rest =
                names.stream().filter(name -> name.compareTo(after) > 0).toList();
        return CompletableFuture.completedStage(
                new NamePage(rest.stream().limit(limit).toList(), rest.size() > limit));
    }

    private void awaitChecked(List<String> bots) {
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(checked).startsWith(bots.toArray(String[]::new)));
    }

    private double count(String what) {
        return meters.get("millrace.sweeper." + what).counter().count();
    }
}
