package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static io.millrace.node.queue.Given.append;
import static io.millrace.node.queue.Given.numbered;
import static io.millrace.node.queue.TestQueue.assertRefused;
import static io.millrace.node.queue.TestQueue.taken;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Append;
import io.millrace.node.queue.QueueDecision.Verdict;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.AppendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AppendDeciderTest {
    private final TestQueue queue = new TestQueue();

    @Nested
    class Ids {
        @Test
        void anAppendsIdsAreContiguousFromTheClock() {
            AppendResult result = queue.take(append("a", "b", "c"));

            assertThat(result).isEqualTo(new AppendResult("orders", 3, id(NOW, 0), id(NOW, 2), 0));
            assertThat(queue.payloads()).containsExactly("a", "b", "c");
        }

        @Test
        void appendsOfOneBatchFollowEachOther() {
            List<Verdict> verdicts = queue.append(append("a", "b"), append("c"), append("d", "e"));

            assertThat(taken(verdicts.get(1)).first()).isEqualTo(id(NOW, 2));
            assertThat(taken(verdicts.get(2)).first()).isEqualTo(id(NOW, 3));
            assertThat(queue.payloads()).containsExactly("a", "b", "c", "d", "e");
        }

        @Test
        void idsCountOnWhereTheClockStandsOrGoesBack() {
            queue.take(append("a"));
            assertThat(queue.take(append("b")).first()).isEqualTo(id(NOW, 1));

            queue.now = NOW - 5_000;

            assertThat(queue.take(append("c")).first()).isEqualTo(id(NOW, 2));
        }

        @Test
        void idsJumpWithTheClock() {
            queue.take(append("a", "b"));
            queue.now = NOW + Duration.ofDays(1_000).toMillis();
            assertThat(queue.take(append("c")).first()).isEqualTo(id(queue.now, 0));
        }

        @Test
        void aFullMillisecondSpillsIntoTheNext() {
            queue.apply(List.of(new QueueEvent.Configured(
                    NOW, id(NOW, EventId.POSITIONS_PER_MILLI - 2), 0, io.millrace.protocol.http.QueueConfig.NONE)));
            queue.state = withLast(queue.state, id(NOW, EventId.POSITIONS_PER_MILLI - 2));

            QueueDecision decision =
                    AppendDecider.decide(Given.QUEUE, queue.state, List.of(append("a", "b", "c")), NOW);

            AppendResult result = taken(decision.verdicts().get(0));
            assertThat(result.first()).isEqualTo(id(NOW, EventId.POSITIONS_PER_MILLI - 1));
            assertThat(result.last()).isEqualTo(id(NOW + 1, 1));
            assertThat(decision.records().get(0).last()).isEqualTo(id(NOW + 1, 1));
        }

        private static QueueState withLast(QueueState state, EventId last) {
            return state.apply(new QueueEvent.Appended(NOW, last, 1, 1, 1, List.of(), List.of()));
        }
    }

    @Nested
    class Sequences {
        @Test
        void aRepetitionGetsTheFirstAnswerAndStoresNothing() {
            AppendResult first = queue.take(numbered("p", 1, "a", "b"));
            queue.now += 10_000;
            queue.take(append("x"));

            assertThat(queue.take(numbered("p", 1, "a", "b"))).isEqualTo(first);
            assertThat(queue.payloads()).containsExactly("a", "b", "x");
        }

        @Test
        void aRepetitionWithinTheBatchGetsTheSameAnswer() {
            List<Verdict> verdicts = queue.append(numbered("p", 1, "a"), numbered("p", 1, "a"));

            assertThat(taken(verdicts.get(1))).isEqualTo(taken(verdicts.get(0)));
            assertThat(queue.payloads()).containsExactly("a");
        }

        @Test
        void aRepetitionOfAnArchivedQueueGetsTheFirstAnswerToo() {
            AppendResult first = queue.take(numbered("p", 1, "a"));
            queue.change(new QueueCommand.Archive(false, TestQueue.nobody()));

            assertThat(queue.take(numbered("p", 1, "a"))).isEqualTo(first);
            queue.assertRefused(numbered("p", 2, "b"), ProblemType.QUEUE_ARCHIVED);
            queue.assertRefused(append("b"), ProblemType.QUEUE_ARCHIVED);
        }

        @Test
        void aSequenceWithOtherContentIsRefused() {
            queue.take(numbered("p", 1, "a"));
            queue.assertRefused(numbered("p", 1, "b"), ProblemType.SEQUENCE_CONFLICT);
        }

        @Test
        void theLastSixteenAnswersAreKnownAndNoOlderOne() {
            List<AppendResult> answers = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                answers.add(queue.take(numbered("p", i, "e" + i)));
            }

            for (int i = 5; i <= 20; i++) {
                assertThat(queue.take(numbered("p", i, "e" + i))).isEqualTo(answers.get(i - 1));
            }
            queue.assertRefused(numbered("p", 4, "e4"), ProblemType.SEQUENCE_CONFLICT);
        }

        @Test
        void sixteenAheadIsEarlyAndSeventeenAGap() {
            queue.take(numbered("p", 1, "a"));

            assertThat(queue.append(numbered("p", 17, "x"))).hasOnlyElementsOfType(Verdict.Early.class);
            queue.assertRefused(numbered("p", 18, "x"), ProblemType.SEQUENCE_GAP);
            assertThat(queue.payloads()).containsExactly("a");
        }

        @Test
        void aNewProducerMayBeginWithinTheWindowButNotBeyond() {
            assertThat(queue.append(numbered("p", 16, "x"))).hasOnlyElementsOfType(Verdict.Early.class);
            queue.assertRefused(numbered("p", 17, "x"), ProblemType.SEQUENCE_GAP);
            assertThat(queue.state.producers()).isEmpty();
        }

        @Test
        void sequencesOfOneBatchAreTakenInTheirOrderWhateverOrderTheyCameIn() {
            List<Append> appends = new ArrayList<>();
            IntStream.rangeClosed(1, 16).forEach(i -> appends.add(numbered("p", i, "e" + i)));
            IntStream.rangeClosed(1, 3).forEach(i -> appends.add(numbered("q", i, "q" + i)));
            for (int seed = 0; seed < 50; seed++) {
                TestQueue fresh = new TestQueue();
                List<Append> shuffled = new ArrayList<>(appends);
                Collections.shuffle(shuffled, new Random(seed));

                assertThat(fresh.append(shuffled)).as("seed %d", seed).hasOnlyElementsOfType(Verdict.Taken.class);

                assertThat(fresh.payloads().stream().filter(p -> p.startsWith("e")))
                        .as("seed %d", seed)
                        .containsExactlyElementsOf(IntStream.rangeClosed(1, 16)
                                .mapToObj(i -> "e" + i)
                                .toList());
            }
        }

        @Test
        void whatComesAfterAGapInTheBatchStaysEarly() {
            List<Verdict> verdicts = queue.append(numbered("p", 4, "d"), numbered("p", 2, "b"), numbered("p", 1, "a"));

            assertThat(verdicts.get(0)).isInstanceOf(Verdict.Early.class);
            assertThat(queue.payloads()).containsExactly("a", "b");
        }

        @Test
        void aProducerUnusedForSevenDaysBeginsAnew() {
            queue.take(numbered("p", 1, "a"));
            queue.take(numbered("p", 2, "b"));
            queue.now += QueueState.PRODUCER_MEMORY;
            queue.assertRefused(numbered("p", 1, "other"), ProblemType.SEQUENCE_CONFLICT);

            queue.now += 1;
            AppendResult anew = queue.take(numbered("p", 1, "other"));

            assertThat(queue.take(numbered("p", 1, "other"))).isEqualTo(anew);
            AppendResult second = queue.take(numbered("p", 2, "again"));
            assertThat(queue.take(numbered("p", 2, "again"))).isEqualTo(second);
            assertThat(queue.payloads()).containsExactly("a", "b", "other", "again");
        }

        @Test
        void theProducerUnusedForLongestMakesRoomForTheTenThousandAndFirst() {
            for (int from = 0; from < QueueState.MAX_PRODUCERS; from += 1_000) {
                queue.now++;
                queue.append(IntStream.range(from, from + 1_000)
                        .mapToObj(i -> numbered("p" + i, 1, "a"))
                        .toList());
            }
            queue.now++;
            IntStream.range(0, 1_000).filter(i -> i != 7).forEach(i -> {
                if (i < 20) {
                    queue.take(numbered("p" + i, 2, "b"));
                }
            });
            assertThat(queue.state.producers()).hasSize(QueueState.MAX_PRODUCERS);

            queue.take(numbered("one-more", 1, "c"));

            assertThat(queue.state.producers())
                    .hasSize(QueueState.MAX_PRODUCERS)
                    .containsKeys("one-more", "p0", "p19", "p9999");
            assertThat(IntStream.range(0, 1_000)
                            .filter(i -> !queue.state.producers().containsKey("p" + i))
                            .filter(i -> i == 7 || i >= 20))
                    .hasSize(1);
        }
    }

    @Test
    void anArchivedQueueTakesNothing() {
        queue.take(append("a"));
        queue.change(new QueueCommand.Archive(false, TestQueue.nobody()));
        queue.assertRefused(append("b"), ProblemType.QUEUE_ARCHIVED);
    }

    @Test
    void oneRefusalDoesntHurtTheOthersOfItsBatch() {
        List<Verdict> verdicts = queue.append(append("a"), numbered("p", 50, "gap"), append("b"));

        assertRefused(verdicts.get(1), ProblemType.SEQUENCE_GAP);
        assertThat(taken(verdicts.get(2)).first()).isEqualTo(id(NOW, 1));
        assertThat(queue.payloads()).containsExactly("a", "b");
    }

    @Test
    void refusalsAndRepetitionsAloneMakeNoRecord() {
        queue.take(numbered("p", 1, "a"));
        QueueDecision decision = AppendDecider.decide(
                Given.QUEUE, queue.state, List.of(numbered("p", 1, "a"), numbered("p", 99, "z")), NOW);
        assertThat(decision.records()).isEmpty();
    }

    private static EventId id(long millis, int position) {
        return new EventId(millis, position);
    }
}
