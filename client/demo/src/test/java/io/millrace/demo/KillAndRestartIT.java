package io.millrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.EventReader;
import io.millrace.client.Millrace;
import io.millrace.client.MillraceException;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.QueueInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo under load while its processes are killed at random moments: at the end every order is in every queue behind it,
 * once and in order. {@code -Dmillrace.seed=N} repeats the order and the moments of the kills, as far as processes do.
 */
class KillAndRestartIT {
    private static final String LOAD = "--rate 500";
    private static final Duration HEALED = Duration.ofMinutes(2);

    private enum Blow {
        NODE,
        CASSANDRA,
        BOTH,
        NODE_AND_AGAIN_AT_ITS_START,
        CASSANDRA_TWICE,
        DEMO_THEN_NODE
    }

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void killsAtAnyMomentLoseNothingAndRepeatNothing() throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("KillAndRestartIT: -Dmillrace.seed=" + seed);
        Random random = new Random(seed);
        List<Blow> blows = new ArrayList<>(Arrays.asList(Blow.values()));
        Collections.shuffle(blows, random);

        try (DevProcess dev = new DevProcess(directory);
                Millrace millrace = Millrace.builder(dev.url())
                        .closeTimeout(Duration.ofSeconds(1))
                        .build()) {
            // given load that flows through all bots
            start(dev, LOAD);
            awaitFlow(millrace, dev);

            // when
            for (Blow blow : blows) {
                Thread.sleep(random.nextInt(2_500)); // the moment is what is random
                System.out.println(
                        "KillAndRestartIT: " + blow + " at " + eventually(millrace, Pipeline.ORDERS) + " orders");
                strike(blow, dev, random);
                awaitFlow(millrace, dev);
            }
            long last = events(millrace, Pipeline.ORDERS) + 3_000; // more than are written before the stop
            assertThat(dev.stop()).as("children that outlive a stop").isEmpty();
            assertThat(dev.nodeLog())
                    .as("bots leave before queues: nothing is kept for a queue that is gone")
                    .doesNotContain("Graceful shutdown of shard region timed out");
            start(dev, LOAD + " --orders " + last);
            awaitEnd(millrace, dev, last);

            // then
            new Ledger(millrace).check(last);
        }
    }

    private static void start(DevProcess dev, String demo) throws Exception {
        dev.launch(Optional.of(demo));
        dev.awaitReady();
    }

    private static void strike(Blow blow, DevProcess dev, Random random) throws Exception {
        switch (blow) {
            case NODE -> {
                dev.killNode();
                start(dev, LOAD);
            }
            case CASSANDRA -> assertThat(dev.killCassandra()).isTrue();
            case BOTH -> {
                assertThat(dev.killCassandra()).isTrue();
                dev.killNode();
                start(dev, LOAD);
            }
            case NODE_AND_AGAIN_AT_ITS_START -> {
                dev.killNode();
                dev.launch(Optional.of(LOAD));
                Thread.sleep(random.nextInt(12_000));
                dev.killNode();
                start(dev, LOAD);
            }
            case CASSANDRA_TWICE -> {
                assertThat(dev.killCassandra()).isTrue();
                Awaitility.await()
                        .atMost(HEALED)
                        .pollDelay(Duration.ofMillis(random.nextInt(3_000)))
                        .until(dev::killCassandra);
            }
            case DEMO_THEN_NODE -> {
                assertThat(dev.killDemo()).isTrue();
                Thread.sleep(random.nextInt(2_000));
                dev.killNode();
                start(dev, LOAD);
            }
        }
    }

    /** Waits until each step of the pipeline has gone on from where it is now. */
    private static void awaitFlow(Millrace millrace, DevProcess dev) {
        for (String queue : List.of(Pipeline.PRICED, Pipeline.INVOICES, Pipeline.TOTALS)) {
            long before = eventually(millrace, queue);
            Awaitility.await(queue + " to grow beyond " + before)
                    .atMost(HEALED)
                    .untilAsserted(() -> assertThat(eventually(millrace, queue))
                            .as(() -> dev.log())
                            .isGreaterThan(before));
        }
    }

    private static void awaitEnd(Millrace millrace, DevProcess dev, long last) {
        Awaitility.await("all bots at the end")
                .atMost(HEALED)
                .ignoreExceptionsInstanceOf(MillraceException.class)
                .untilAsserted(() -> {
                    assertThat(eventually(millrace, Pipeline.ORDERS))
                            .as(() -> dev.log())
                            .isEqualTo(last);
                    for (String bot : List.of(Pipeline.PRICE, Pipeline.INVOICE, Pipeline.DAILY_TOTAL)) {
                        BotInfo info = millrace.bots().get(bot).orElseThrow();
                        assertThat(info.lag().values()).as(bot).isNotEmpty().allMatch(lag -> lag.events() == 0);
                    }
                });
    }

    /** The number of events, however long the node needs to answer; within the waits above. */
    private static long eventually(Millrace millrace, String queue) {
        try {
            return events(millrace, queue);
        } catch (MillraceException away) {
            return 0;
        }
    }

    private static long events(Millrace millrace, String queue) {
        return millrace.queues().get(queue).map(QueueInfo::events).orElse(0L);
    }

    /** What stands in the queues at the end. */
    private record Ledger(Millrace millrace) {
        void check(long last) {
            List<Event> orders = read(Pipeline.ORDERS);
            assertThat(orders).hasSize((int) last);
            for (int i = 0; i < last; i++) {
                assertThat(orders.get(i).payload().as(Order.class)).isEqualTo(Order.of(i + 1));
            }
            List<Event> priced = read(Pipeline.PRICED);
            checkOneEach(orders, priced);
            List<Event> invoices = read(Pipeline.INVOICES);
            checkOneEach(priced, invoices);
            long cents = 0;
            for (int i = 0; i < last; i++) {
                PricedOrder price = PricedOrder.of(Order.of(i + 1));
                assertThat(priced.get(i).payload().as(PricedOrder.class)).isEqualTo(price);
                assertThat(invoices.get(i).payload().as(Invoice.class)).isEqualTo(Invoice.of(price));
                cents += price.cents();
            }
            checkTotals(last, cents);
            checkCheckpoint(Pipeline.PRICE, orders);
            checkCheckpoint(Pipeline.INVOICE, priced);
            checkCheckpoint(Pipeline.DAILY_TOTAL, priced);
        }

        private void checkTotals(long last, long cents) {
            long next = 1;
            long sum = 0;
            for (Event event : read(Pipeline.TOTALS)) {
                DayTotal total = event.payload().as(DayTotal.class);
                assertThat(total.first()).as("totals go on where they ended").isEqualTo(next);
                assertThat(total.orders()).isEqualTo(total.last() - total.first() + 1);
                next = total.last() + 1;
                sum += total.cents();
            }
            assertThat(next).isEqualTo(last + 1);
            assertThat(sum).isEqualTo(cents);
        }

        private static void checkOneEach(List<Event> sources, List<Event> outputs) {
            assertThat(outputs).hasSameSizeAs(sources);
            for (int i = 0; i < sources.size(); i++) {
                Event source = sources.get(i);
                assertThat(outputs.get(i).correlation()).isEqualTo(Correlation.of(source.queue(), source.eid()));
                assertThat(outputs.get(i).sourceTimestamp()).isEqualTo(source.sourceTimestamp());
            }
        }

        private void checkCheckpoint(String bot, List<Event> source) {
            Event last = source.get(source.size() - 1);
            assertThat(millrace.bots()
                            .get(bot)
                            .orElseThrow()
                            .checkpoints()
                            .read()
                            .get(last.queue())
                            .checkpoint())
                    .as("where %s stands", bot)
                    .isEqualTo(Position.of(last.eid()));
        }

        private List<Event> read(String queue) {
            List<Event> events = new ArrayList<>();
            EventId before = EventId.MIN;
            try (EventReader reader = millrace.read(queue)) {
                for (Event event : reader) {
                    assertThat(event.eid()).isGreaterThan(before);
                    before = event.eid();
                    events.add(event);
                }
            }
            return events;
        }
    }
}
