package io.millrace.node.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.node.queue.QueueDecision.Verdict;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.QueueConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random producers that repeat, reorder and lie, bots that crash and leave zombies, clocks that go back, owners that come
 * and go: against a naive model every accepted event is in the queue once, in the order of ids, and every repetition gets
 * the first answer. {@link TestQueue} compares the recovered with the live state after every step.
 */
class QueueModelTest {
    private static final int STEPS = 60;

    @Property(tries = 200)
    void everyAcceptedEventIsThereOnceInOrder(@ForAll long seed) {
        new Model(new Random(seed)).run();
    }

    private static final class Model {
        private final Random random;
        private final TestQueue queue = new TestQueue();
        private final Map<String, List<String>> contents = new HashMap<>();
        private final Map<String, AppendResult> answers = new HashMap<>();
        private final Map<String, Long> lastTaken = new HashMap<>();
        private final Map<String, Bot> bots = new LinkedHashMap<>();
        private final List<String> expected = new ArrayList<>();
        private int unique;

        Model(Random random) {
            this.random = random;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                queue.now += random.nextInt(10) == 0 ? -random.nextInt(5_000) : random.nextInt(3);
                int kind = random.nextInt(20);
                if (kind < 14) {
                    appendSome();
                } else if (kind < 16) {
                    queue.restart();
                } else if (kind < 17) {
                    queue.snapshot();
                } else if (kind < 18) {
                    queue.change(new QueueCommand.Subscribe("r" + random.nextInt(3), TestQueue.nobody()));
                } else if (kind < 19) {
                    queue.change(new QueueCommand.Archive(random.nextBoolean(), TestQueue.nobody()));
                } else {
                    queue.change(new QueueCommand.Configure(QueueConfig.NONE, null, TestQueue.nobody()));
                }
                check();
            }
        }

        private void appendSome() {
            List<Sent> sent = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                sent.add(random.nextInt(3) == 0 ? emit() : produce());
                if (random.nextInt(5) == 0) {
                    sent.add(sent.get(random.nextInt(sent.size())));
                }
            }
            Collections.shuffle(sent, random);
            int before = queue.stored.size();
            boolean archived = queue.state.archived();
            Map<String, Long> lastBefore = Map.copyOf(lastTaken);

            List<Verdict> verdicts =
                    queue.append(sent.stream().map(Sent::append).toList());

            // What was taken now, in the order of ids, is what must have been stored by this batch.
            Map<AppendResult, Sent> fresh = new LinkedHashMap<>();
            for (boolean taken : List.of(true, false)) {
                for (int i = 0; i < sent.size(); i++) {
                    if (taken == verdicts.get(i) instanceof Verdict.Taken) {
                        judge(sent.get(i), verdicts.get(i), archived, lastBefore, fresh);
                    }
                }
            }
            List<AppendResult> order = fresh.keySet().stream()
                    .filter(result -> result.first() != null)
                    .sorted((a, b) -> a.first().compareTo(b.first()))
                    .toList();
            order.forEach(result -> expected.addAll(fresh.get(result).kept()));
            List<Event> stored = queue.stored.subList(before, queue.stored.size());
            int at = 0;
            for (AppendResult result : order) {
                assertThat(stored.get(at).eid()).isEqualTo(result.first());
                at += result.events();
                assertThat(stored.get(at - 1).eid()).isEqualTo(result.last());
            }
            assertThat(at).isEqualTo(stored.size());
        }

        private void judge(
                Sent sent,
                Verdict verdict,
                boolean archived,
                Map<String, Long> lastBefore,
                Map<AppendResult, Sent> fresh) {
            if (sent.run() != null) {
                judgeRun(sent, verdict, archived, fresh);
                return;
            }
            String key = sent.producer() + "/" + sent.number();
            AppendResult known = answers.get(key);
            boolean same = sent.payloads().equals(contents.get(key));
            long last = lastTaken.getOrDefault(sent.producer(), 0L);
            if (verdict instanceof Verdict.Taken taken && known != null) {
                assertThat(taken.result()).as("the repetition of %s", key).isEqualTo(known);
                assertThat(same).as("same content of %s", key).isTrue();
            } else if (verdict instanceof Verdict.Taken taken) {
                assertThat(archived).isFalse();
                answers.put(key, taken.result());
                contents.put(key, sent.payloads());
                lastTaken.merge(sent.producer(), sent.number(), Math::max);
                fresh.put(taken.result(), sent.keep(sent.payloads()));
            } else if (verdict instanceof Verdict.Refused refused) {
                if (refused.problem().is(ProblemType.QUEUE_ARCHIVED)) {
                    assertThat(archived).isTrue();
                } else if (refused.problem().is(ProblemType.SEQUENCE_GAP)) {
                    assertThat(sent.number())
                            .isGreaterThan(lastBefore.getOrDefault(sent.producer(), 0L) + Limits.SEQUENCE_WINDOW);
                } else {
                    assertThat(refused.problem().is(ProblemType.SEQUENCE_CONFLICT))
                            .isTrue();
                    assertThat(!same || sent.number() <= last - Limits.SEQUENCE_WINDOW)
                            .as("a conflict of %s", key)
                            .isTrue();
                }
            } else {
                assertThat(sent.number()).isGreaterThan(lastBefore.getOrDefault(sent.producer(), 0L) + 1);
            }
        }

        private void judgeRun(Sent sent, Verdict verdict, boolean archived, Map<AppendResult, Sent> fresh) {
            Bot bot = bots.get(sent.run().bot().value());
            if (verdict instanceof Verdict.Refused refused) {
                assertThat(refused.problem().is(ProblemType.STALE_RUN) || archived)
                        .isTrue();
                return;
            }
            assertThat(archived).isFalse();
            AppendResult result = TestQueue.taken(verdict);
            bot.wroteUpTo(sent.run().epoch(), (int) sent.number());
            assertThat(result.events() + result.repeated())
                    .isEqualTo(sent.payloads().size());
            List<String> kept =
                    sent.payloads().subList(result.repeated(), sent.payloads().size());
            kept.forEach(payload -> assertThat(bot.written.add(payload))
                    .as("%s is written once", payload)
                    .isTrue());
            if (result.first() != null) {
                fresh.put(result, sent.keep(kept));
            }
            sent.payloads()
                    .forEach(payload ->
                            assertThat(bot.written).as("nothing new is dropped").contains(payload));
        }

        private Sent produce() {
            String producer = "p" + random.nextInt(3);
            long last = lastTaken.getOrDefault(producer, 0L);
            long number =
                    Math.max(1, last + 1 + (random.nextInt(4) == 0 ? random.nextInt(40) - 20 : random.nextInt(3)));
            String key = producer + "/" + number;
            boolean lies = random.nextInt(8) == 0;
            List<String> payloads = lies
                    ? List.of("lie" + unique++)
                    : contents.containsKey(key)
                            ? contents.get(key)
                            : List.of(key + "a", key + "b").subList(0, 1 + (int) (number % 2));
            return new Sent(
                    new Append(
                            List.of(Given.block("", Given.events(payloads.toArray()))),
                            new Append.Sequence(new ProducerId(producer), number),
                            null,
                            List.of()),
                    producer,
                    number,
                    payloads,
                    null,
                    payloads);
        }

        /**
         * A run goes on where it stands; now and then a new one begins at a checkpoint that lags behind what was written, and
         * the one before it goes on as a zombie. Each has one append under way at a time.
         */
        private Sent emit() {
            Bot bot = bots.computeIfAbsent("b" + random.nextInt(2), Bot::new);
            if (random.nextInt(4) == 0) {
                bot.begin(Math.max(0, bot.position(bot.epoch) - random.nextInt(6)));
            }
            long epoch = random.nextInt(5) == 0 ? Math.max(1, bot.epoch - 1) : bot.epoch;
            int from = bot.position(epoch) + 1;
            int to = from + random.nextInt(4);
            List<NewEvent> events = new ArrayList<>();
            List<String> payloads = new ArrayList<>();
            for (int i = from; i <= to; i++) {
                for (int j = 0; j <= i % 2; j++) {
                    payloads.add(bot.name + "-" + i + "-" + j);
                    events.add(Given.child("s", Given.source(i), bot.name + "-" + i + "-" + j));
                }
            }
            RunRef run = Given.run(bot.name, 0, epoch);
            return new Sent(Given.output(run, events.toArray(NewEvent[]::new)), bot.name, to, payloads, run, payloads);
        }

        private void check() {
            assertThat(queue.payloads()).isEqualTo(expected);
            assertThat(queue.payloads()).doesNotHaveDuplicates();
            assertThat(queue.state.ordinal()).isEqualTo(expected.size());
        }
    }

    private static final class Bot {
        final String name;
        final Set<String> written = new HashSet<>();
        private final Map<Long, Integer> positions = new HashMap<>(Map.of(1L, 0));
        long epoch = 1;

        Bot(String name) {
            this.name = name;
        }

        void begin(int checkpoint) {
            positions.put(++epoch, checkpoint);
        }

        int position(long run) {
            return positions.get(run);
        }

        void wroteUpTo(long run, int position) {
            positions.merge(run, position, Math::max);
        }
    }

    /** One append on its way, and what of it must be found again. */
    private record Sent(
            Append append, String producer, long number, List<String> payloads, RunRef run, List<String> kept) {
        Sent keep(List<String> what) {
            return new Sent(append, producer, number, payloads, run, what);
        }
    }
}
