package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static io.millrace.node.queue.Given.child;
import static io.millrace.node.queue.Given.event;
import static io.millrace.node.queue.Given.output;
import static io.millrace.node.queue.Given.run;
import static io.millrace.node.queue.Given.source;
import static io.millrace.node.queue.Given.withParents;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.node.queue.QueueDecision.Verdict;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.block.ParentRange;
import io.millrace.protocol.http.AppendResult;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Design D5: a bot's output is in a queue once, whatever its runs repeat. */
class AppendMarksTest {
    private final TestQueue queue = new TestQueue();

    @Test
    void aRunThatBeginsAgainHasAllItsOutputDropped() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a"), child("s", source(2), "b")));

        AppendResult again = queue.take(output(run("b", 0, 2), child("s", source(1), "a"), child("s", source(2), "b")));

        assertThat(again).isEqualTo(new AppendResult("orders", 0, null, null, 2));
        assertThat(queue.payloads()).containsExactly("a", "b");
        assertThat(queue.state.marks().get("b").epoch()).isEqualTo(2);
    }

    @Test
    void aRunThatIsOverIsRefusedAlsoWhereItsSuccessorHasNotWrittenYet() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a")));
        fence("b", 0, 2);

        queue.assertRefused(output(run("b", 0, 1), child("s", source(2), "b")), ProblemType.STALE_RUN);
        AppendResult next = queue.take(output(run("b", 0, 2), child("s", source(1), "a"), child("s", source(2), "b")));

        assertThat(next.repeated()).as("the marks of the generation stay").isEqualTo(1);
        assertThat(queue.payloads()).containsExactly("a", "b");
    }

    @Test
    void aRunThatIsOverIsRefusedAlsoWhereItHasNeverWritten() {
        fence("b", 0, 2);

        queue.assertRefused(output(run("b", 0, 1), child("s", source(1), "a")), ProblemType.STALE_RUN);
    }

    @Test
    void aFenceThatStandsIsNotWrittenDownAgainAndAnEarlierOneChangesNothing() {
        fence("b", 1, 7);
        int records = queue.records.size();

        fence("b", 1, 7);
        fence("b", 1, 6);
        fence("b", 0, 9);

        assertThat(queue.records).hasSize(records);
        assertThat(queue.state.marks().get("b").epoch()).isEqualTo(7);
    }

    @Test
    void aFenceOfANewGenerationForgetsTheMarksOfTheOld() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a")));
        fence("b", 1, 2);

        queue.assertRefused(output(run("b", 0, 1), child("s", source(2), "b")), ProblemType.STALE_RUN);
        queue.take(output(run("b", 1, 2), child("s", source(1), "a")));

        assertThat(queue.payloads()).containsExactly("a", "a");
    }

    private void fence(String bot, long generation, long epoch) {
        queue.change(new QueueCommand.Fence(bot, generation, epoch, TestQueue.nobody()));
        assertThat(queue.state.isFenced(bot, generation, epoch)).isTrue();
    }

    @Test
    void aRunThatGoesFurtherHasOnlyTheNewKept() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a"), child("s", source(2), "b")));

        AppendResult more = queue.take(output(
                run("b", 0, 2),
                child("s", source(2), "b"),
                child("s", source(3), "c"),
                child("s", source(3), "c2"),
                child("s", source(4), "d")));

        assertThat(more.events()).isEqualTo(3);
        assertThat(more.repeated()).isEqualTo(1);
        assertThat(queue.payloads()).containsExactly("a", "b", "c", "c2", "d");
    }

    @Test
    void whatARunSendsBeforeItsLastAppendIsThereWaitsForThat() {
        RunRef run = run("b", 0, 1);
        Append first = output(run, child("s", source(1), "a"));
        Append second = output(run, child("s", source(2), "b")).after(new Append.Follows("s", source(1)));

        assertThat(verdicts(second)).singleElement().isInstanceOf(Verdict.Early.class);
        assertThat(queue.payloads()).isEmpty();

        // Had it been taken, the mark would have had the first one dropped as a repetition.
        assertThat(verdicts(second, first)).allMatch(Verdict.Taken.class::isInstance);
    }

    @Test
    void whatFollowsOutputOfAnEarlierRunIsTaken() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a"), child("s", source(2), "b")));

        queue.take(output(run("b", 0, 2), child("s", source(2), "b"), child("s", source(3), "c"))
                .after(new Append.Follows("s", source(1))));

        assertThat(queue.payloads()).containsExactly("a", "b", "c");
    }

    @Test
    void marksOfAnotherGenerationAreNoneToFollow() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a"), child("s", source(2), "b")));

        assertThat(verdicts(
                        output(run("b", 1, 2), child("s", source(2), "b")).after(new Append.Follows("s", source(1)))))
                .singleElement()
                .isInstanceOf(Verdict.Early.class);
    }

    @Test
    void aRunThatIsOverIsToldSoAlsoWhereItIsAhead() {
        fence("b", 0, 2);

        queue.assertRefused(
                output(run("b", 0, 1), child("s", source(2), "b")).after(new Append.Follows("s", source(1))),
                ProblemType.STALE_RUN);
    }

    private List<Verdict> verdicts(Append... appends) {
        return queue.append(appends);
    }

    @Test
    void severalEventsOfOneSourcePositionInOneAppendAreAllKept() {
        AppendResult result = queue.take(output(
                run("b", 0, 1), child("s", source(1), "a"), child("s", source(1), "b"), child("s", source(1), "c")));
        assertThat(result.events()).isEqualTo(3);
        assertThat(result.repeated()).isZero();
    }

    @Test
    void sourcesHaveMarksOfTheirOwn() {
        queue.take(output(run("b", 0, 1), child("s", source(9), "s9")));

        queue.take(output(run("b", 0, 1), child("t", source(1), "t1"), child("queue:s", source(9), "again")));

        assertThat(queue.payloads()).containsExactly("s9", "t1");
        assertThat(queue.state.marks().get("b").positions())
                .containsOnlyKeys("s", "t")
                .containsEntry("t", source(1));
    }

    @Test
    void botsHaveMarksOfTheirOwn() {
        queue.take(output(run("b", 0, 5), child("s", source(9), "b9")));
        queue.take(output(run("c", 0, 1), child("s", source(1), "c1")));
        assertThat(queue.payloads()).containsExactly("b9", "c1");
    }

    @Test
    void anEventOfSeveralParentsIsKeptBeyondTheMarkAndDroppedAtOrBelowIt() {
        queue.take(output(run("b", 0, 1), child("s", source(3), "a")));

        queue.take(output(run("b", 0, 2), sum(4, 5, "sum"), sum(1, 3, "old")));

        assertThat(queue.payloads()).containsExactly("a", "sum");
        assertThat(queue.state.marks().get("b").positions()).containsEntry("s", source(5));
    }

    @Test
    void anEventWithParentsOnBothSidesOfTheMarkIsRefusedAndTheRunToldWhereTheMarkIs() {
        queue.take(output(run("b", 0, 1), child("s", source(3), "a")));
        Append over = output(run("b", 0, 2), child("s", source(2), "again"), sum(3, 5, "over"));

        queue.assertRefused(over, ProblemType.OVERLAP);

        Verdict.Refused refused = (Verdict.Refused) queue.append(over).get(0);
        assertThat(refused.problem().overlap()).isEqualTo(new Problem.Overlap("s", source(3)));
        queue.take(output(run("b", 1, 3), sum(3, 5, "another generation")));
    }

    private static NewEvent sum(int first, int last, String payload) {
        return new NewEvent(
                Payload.of(payload), Correlation.of("s", source(first), source(last), last - first + 1L), null, null);
    }

    @Test
    void eventsWithoutCorrelationOrWithAForeignOneAreNeverDropped() {
        NewEvent foreign = new NewEvent(Payload.of("f"), new Correlation("system:crm", "row-7", null, 1), null, null);
        queue.take(output(run("b", 0, 1), child("s", source(1), "a"), event("free"), foreign));

        AppendResult again = queue.take(output(run("b", 0, 2), child("s", source(1), "a"), event("free"), foreign));

        assertThat(again.events()).isEqualTo(2);
        assertThat(queue.payloads()).containsExactly("a", "free", "f", "free", "f");
    }

    @Test
    void anAppendWithoutARunIsNeverDropped() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a")));
        queue.take(Given.append(child("s", source(1), "a")));
        assertThat(queue.payloads()).containsExactly("a", "a");
    }

    @Test
    void aNewGenerationEmitsAgainAndHasMarksOfItsOwn() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a"), child("t", source(5), "t")));

        queue.take(output(run("b", 1, 2), child("s", source(1), "a")));
        AppendResult again = queue.take(output(run("b", 1, 3), child("s", source(1), "a")));

        assertThat(again.repeated()).isEqualTo(1);
        assertThat(queue.payloads()).containsExactly("a", "t", "a");
        assertThat(queue.state.marks().get("b").positions()).containsOnlyKeys("s");
    }

    @Test
    void aReplacedRunIsRefused() {
        queue.take(output(run("b", 0, 2), child("s", source(1), "a")));
        queue.assertRefused(output(run("b", 0, 1), child("s", source(2), "zombie")), ProblemType.STALE_RUN);

        queue.take(output(run("b", 1, 3), child("s", source(1), "a")));
        queue.assertRefused(output(run("b", 0, 9), child("s", source(2), "zombie")), ProblemType.STALE_RUN);
    }

    @Test
    void aRunThatOnlyRepeatedFencesItsPredecessorsToo() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a")));
        queue.take(output(run("b", 0, 2), child("s", source(1), "a")));
        queue.assertRefused(output(run("b", 0, 1), child("s", source(2), "zombie")), ProblemType.STALE_RUN);
    }

    @Test
    void aRunWhoseLeaseHasEndedIsRefused() {
        RunRef ended = new RunRef(new BotId("b"), "r", 1, 0, Instant.ofEpochMilli(NOW));
        queue.assertRefused(output(ended, event("late")), ProblemType.STALE_RUN);

        queue.now = NOW - 1;
        queue.take(output(ended, event("in time")));
    }

    @Test
    void aBotsSequenceAndItsMarksWorkTogether() {
        Append first = withSequence(output(run("b", 0, 1), child("s", source(1), "a")), 1);
        AppendResult answer = queue.take(first);
        assertThat(queue.take(first)).isEqualTo(answer);

        Append second = withSequence(output(run("b", 0, 1), child("s", source(1), "a"), child("s", source(2), "b")), 2);
        AppendResult partly = queue.take(second);

        assertThat(partly.repeated()).isEqualTo(1);
        assertThat(queue.take(second)).isEqualTo(partly);
    }

    @Test
    void aBotHasMarksForAThousandSourcesAndMayGoOnWithThem() {
        List<ParentRange> thousand = parents(0, Marks.MAX_SOURCES);
        queue.take(withParents(run("b", 0, 1), thousand));

        queue.take(withParents(run("b", 0, 1), thousand));
        queue.assertRefused(withParents(run("b", 0, 1), parents(1_000, 1_001)), ProblemType.CONFLICT);
        queue.take(withParents(run("b", 1, 2), parents(1_000, 1_001)));
        assertThat(queue.state.marks().get("b").positions()).hasSize(1);
    }

    @Test
    void aThousandBotsMayWriteAndNoMarkIsForgotten() {
        for (int i = 0; i < QueueState.MAX_WRITERS; i++) {
            queue.take(output(run("b" + i, 0, 1), child("s", source(1), "a")));
        }

        queue.assertRefused(output(run("one-more", 0, 1), event("x")), ProblemType.CONFLICT);
        queue.take(output(run("b0", 0, 2), child("s", source(2), "b")));
    }

    private static Append withSequence(Append append, long number) {
        return new Append(
                append.blocks(), new Append.Sequence(new ProducerId("bot-b"), number), append.run(), append.parents());
    }

    private static List<ParentRange> parents(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new ParentRange("s" + i, source(i + 1), source(i + 1)))
                .toList();
    }
}
