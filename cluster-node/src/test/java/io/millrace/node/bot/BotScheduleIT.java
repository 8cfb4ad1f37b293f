package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.run.RunOrder;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A bot with a schedule on the real journal, its clock moved by hand: what it takes, and what the plan is told. */
class BotScheduleIT extends BotScene {
    private static final String HOURLY = "0 * * * *";
    private static final String PUT = "put 0 * * * * UTC";

    private static BotConfig config(String cron) {
        return new BotConfig(
                null, null, null, null, cron, null, Given.JAVA, null, null, null, null, null, null, null, null, null);
    }

    private void schedule(String cron) {
        assertThat(ask(replyTo -> new BotCommand.Register(config(cron), null, replyTo)))
                .isInstanceOf(BotReply.Info.class);
    }

    private static Instant nextHour() {
        return host.clock.instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }

    /** Goes to a moment by the clock of the day, and says that a slot has come. */
    private void slotCame(Instant at) {
        host.pass(Duration.between(host.clock.instant(), at).toMillis());
        bot.ref.tell(new BotCommand.SlotCame());
    }

    private void completeLast() {
        RunOrder order = host.launched.get(host.launched.size() - 1);
        ask(replyTo ->
                new BotCommand.Complete(order.ref().epoch(), order.ref().run(), null, java.util.Map.of(), 0, replyTo));
    }

    private void restart() {
        bot.stop();
        bot = host.start(name);
        info(bot);
    }

    @Test
    void aSlotIsTakenOnceThoughToldOfAgainRestartedAndSetBack() {
        Instant slot = nextHour();
        schedule(HOURLY);
        slotCame(slot.minusMillis(1));
        info(bot);
        assertThat(host.launched).isEmpty();

        slotCame(slot);
        awaitLaunches(1);
        assertThat(host.launched.get(0).because()).isEqualTo(RunReason.SCHEDULE);
        assertThat(host.launched.get(0).slot()).isEqualTo(slot);
        completeLast();

        bot.ref.tell(new BotCommand.SlotCame());
        restart();
        bot.ref.tell(new BotCommand.SlotCame());
        host.clock.plus(-7_200_000);
        bot.ref.tell(new BotCommand.SlotCame());
        host.clock.plus(3_600_000 + 5_000);
        bot.ref.tell(new BotCommand.SlotCame());
        host.clock.plus(3_600_000 - 5_000);
        info(bot);
        assertThat(host.launched).hasSize(1);
        assertThat(info(bot).slot()).isEqualTo(slot.toEpochMilli());
    }

    @Test
    void slotsThatPassWhileARunIsUnderWayOrItIsDownAreOne() {
        Instant slot = nextHour();
        schedule(HOURLY);
        slotCame(slot);
        awaitLaunches(1);
        bot.stop(); // the run is lost with it, and not repeated for its slot
        host.pass(Duration.ofHours(5).toMillis());
        bot = host.start(name);
        Awaitility.await().atMost(WAIT).pollInterval(Duration.ofMillis(100)).until(() -> {
            host.pass(1_000); // its deadline has passed as well, which counts as an error and backs off
            return host.launched.size() == 2;
        });

        assertThat(host.launched.get(1).slot()).isEqualTo(slot.plus(5, ChronoUnit.HOURS));
        completeLast();
        info(bot);
        assertThat(host.launched).hasSize(2);
    }

    @Test
    void whilePausedNoSlotIsTakenAndThenOne() {
        Instant slot = nextHour();
        schedule(HOURLY);
        ask(replyTo -> new BotCommand.Pause("rest", replyTo));
        slotCame(slot.plus(3, ChronoUnit.HOURS));
        info(bot);
        assertThat(host.launched).isEmpty();

        ask(BotCommand.Resume::new);

        awaitLaunches(1);
        assertThat(host.launched.get(0).slot()).isEqualTo(slot.plus(3, ChronoUnit.HOURS));
    }

    @Test
    void thePlanFollowsTheLogThoughItFailsForAWhile() {
        host.planFailures.set(1);
        schedule(HOURLY);
        Awaitility.await().atMost(WAIT).pollInterval(Duration.ofMillis(50)).until(() -> {
            host.pass(100);
            return host.planned.equals(java.util.List.of(PUT));
        });
        ask(replyTo -> new BotCommand.Pause(null, replyTo));
        awaitPlanned(PUT, "remove");
        ask(BotCommand.Resume::new);
        awaitPlanned(PUT, "remove", PUT);
        schedule("30 * * * *");
        awaitPlanned(PUT, "remove", PUT, "put 30 * * * * UTC");
        ask(BotCommand.Archive::new);
        awaitPlanned(PUT, "remove", PUT, "put 30 * * * * UTC", "remove");
    }

    @Test
    void whoComesUpWithAScheduleHasThePlanPutRightAndGoes() {
        schedule(HOURLY);
        host.clock.plus(-host.clock.millis() % 3_600_000); // far from a slot
        bot.stop();
        host.forget();
        bot = host.start(name);

        bot.ref.tell(BotCommand.Check.ALL);

        awaitPlanned(PUT);
        Awaitility.await().atMost(WAIT).until(() -> !host.passivated.isEmpty());
    }

    @Test
    void whoIsWokenForAScheduleThatItHasNoMoreIsTakenOutOfThePlan() {
        register(Given.JAVA);
        bot.stop();
        host.forget();
        bot = host.start(name);

        bot.ref.tell(new BotCommand.SlotCame());

        awaitPlanned("remove");
        Awaitility.await().atMost(WAIT).until(() -> !host.passivated.isEmpty());
        assertThat(host.launched).isEmpty();
    }

    @Test
    void aBotThatIsUpFiresByItself() {
        schedule("*/1 * * * * *");
        for (int i = 1; i <= 3; i++) {
            host.pass(1_000);
            ask(BotCommand.Describe::new);
            awaitLaunches(i);
            completeLast();
        }
        assertThat(host.launched.stream().map(RunOrder::slot).distinct()).hasSize(3);
    }

    private static void awaitPlanned(String... told) {
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(host.planned).containsExactly(told));
    }
}
