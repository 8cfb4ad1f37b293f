package io.millrace.node.bot;

import static io.millrace.node.bot.Deciding.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is asked in whatever order, the rules 5, 6 and 7 of the design's section 3 hold; jqwik prints the seed. */
class BotHistoryTest {
    private static final BotEventCodec EVENTS = new BotEventCodec();
    private static final BotSnapshotCodec SNAPSHOTS = new BotSnapshotCodec();

    /** A lease as its holder knows it: it may believe in it as long as its own last news say so. */
    private record Lease(String run, long epoch, long from, long deadline) {}

    private static final class History {
        final Random random;
        final List<Lease> leases = new ArrayList<>();
        final Map<Long, Long> ends = new HashMap<>();
        BotState live = BotState.EMPTY;
        BotState replayed = BotState.EMPTY;
        long now = Given.NOW;
        long lastEpoch;
        int steps;

        History(long seed) {
            random = new Random(seed);
        }

        void step() {
            now += random.nextInt(4) == 0 ? random.nextInt(1_200_000) : random.nextInt(3_000);
            BotState before = live;
            long epochOfEffect = 0;
            BotState.Run run = before.run();
            switch (random.nextInt(14)) {
                case 0 ->
                    administrators(BotDecisions.register(
                            live, Given.config(random.nextBoolean() ? Given.JAVA : Given.WORKER, "orders"), null, now));
                case 1 -> administrators(BotDecisions.pause(live, "why not", now));
                case 2, 3 -> administrators(BotDecisions.resume(live, now));
                case 4 -> administrators(BotDecisions.kill(live, now));
                case 5 ->
                    administrators(BotDecisions.reset(
                            live,
                            new BotCommand.Reset(
                                    "orders", Position.of(Given.id(random.nextInt(100))), null, null, NOBODY),
                            now));
                case 6 -> administrators(BotDecisions.archive(live, now));
                case 7, 8, 9 -> {
                    if (live.mayRun(now)) {
                        BotEvent.RunStarted started =
                                RunDecisions.start(live, "run-" + leases.size(), "node", null, now, RunCause.EVENTS);
                        leases.add(new Lease(started.run(), started.epoch(), now, started.deadline()));
                        persist(started);
                    } else if (run != null && run.deadline() <= now) {
                        persist(RunDecisions.expire(live, run, now));
                    } else if (run != null && random.nextInt(5) == 0) {
                        persist(RunDecisions.lose(live, run, now));
                    }
                }
                default -> epochOfEffect = effect();
            }
            check(before, epochOfEffect);
        }

        /** Some run that ever was, most often the last, tries to have an effect. */
        private long effect() {
            if (leases.isEmpty()) {
                return 0;
            }
            int back = random.nextInt(3) == 0 ? random.nextInt(leases.size()) : 0;
            Lease lease = leases.get(leases.size() - 1 - back);
            Map<String, Checkpoint> read = Given.at(random.nextInt(100));
            BotDecision decision = random.nextInt(3) > 0
                    ? RunDecisions.checkpoint(
                            live, new BotCommand.MoveCheckpoints(lease.epoch(), lease.run(), read, NOBODY), now)
                    : RunDecisions.complete(
                            live,
                            new BotCommand.Complete(
                                    lease.epoch(), lease.run(), random.nextBoolean() ? "boom" : null, read, 0, NOBODY),
                            now);
            if (decision instanceof BotDecision.Accept accept) {
                assertThat(now).isGreaterThanOrEqualTo(lease.from()).isLessThan(lease.deadline());
                assertThat(ends).as("an effect after the lease's end").doesNotContainKey(lease.epoch());
                accept.events().forEach(this::persist);
                return lease.epoch();
            }
            return 0;
        }

        private void administrators(BotDecision decision) {
            if (decision instanceof BotDecision.Accept accept) {
                accept.events().forEach(this::persist);
            }
        }

        private void persist(BotEvent event) {
            if (event instanceof BotEvent.RunEnded ended) {
                ends.put(ended.epoch(), now);
            }
            live = live.apply(event);
            var encoded = EVENTS.encode(event);
            replayed = replayed.apply(EVENTS.decode(encoded.manifest(), encoded.head()));
            if (random.nextInt(10) == 0) { // a snapshot, and a recovery from it
                var snapshot = SNAPSHOTS.encode(replayed);
                replayed = SNAPSHOTS.decode(snapshot.manifest(), snapshot.bytes());
            }
        }

        private void check(BotState before, long epochOfEffect) {
            steps++;
            assertThat(replayed).isEqualTo(live);
            Checkpoint old = before.read().get("orders");
            Checkpoint now5 = live.read().get("orders");
            if (old != null && live.generation() == before.generation()) {
                assertThat(java.util.Objects.requireNonNull(now5).checkpoint().toString())
                        .as("rule 5: checkpoints")
                        .isGreaterThanOrEqualTo(old.checkpoint().toString());
            }
            if (epochOfEffect > 0) {
                assertThat(epochOfEffect).as("rule 6: epochs of effects").isGreaterThanOrEqualTo(lastEpoch);
                assertThat(epochOfEffect).as("rule 6: only the last run").isEqualTo(live.epoch());
                lastEpoch = epochOfEffect;
            }
            for (int i = 1; i < leases.size(); i++) {
                Lease earlier = leases.get(i - 1);
                Long end = ends.get(earlier.epoch());
                assertThat(end)
                        .as("rule 7: a lease ends before the next begins")
                        .isNotNull();
                assertThat(java.util.Objects.requireNonNull(end))
                        .as("rule 7: leases don't overlap")
                        .isLessThanOrEqualTo(leases.get(i).from());
                assertThat(leases.get(i).epoch()).isEqualTo(earlier.epoch() + 1);
            }
        }
    }

    @Property(tries = 300)
    void theRulesHoldInEveryHistory(@ForAll long seed) {
        History history = new History(seed);
        for (int i = 0; i < 120; i++) {
            history.step();
        }
        assertThat(history.steps).isEqualTo(120);
    }
}
