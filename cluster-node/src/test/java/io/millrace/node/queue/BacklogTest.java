package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Append;
import io.millrace.protocol.block.ParentRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final int SIZE = append(1).append().bytes();

    @Test
    void takesAppendsUpToItsBytesAndRefusesBeyond() {
        Backlog backlog = new Backlog(3L * SIZE, 1 << 20);
        for (int i = 1; i <= 3; i++) {
            assertThat(backlog.offer(append(i), NOW)).isTrue();
        }

        assertThat(backlog.offer(append(4), NOW)).isFalse();
        assertThat(backlog.bytes()).isEqualTo(3L * SIZE);
        assertThat(backlog.offer(describe(), NOW)).as("weighs nothing").isTrue();

        assertThat(backlog.nextAppends()).hasSize(3);
        assertThat(backlog.bytes()).isZero();
        assertThat(backlog.offer(append(4), NOW)).isTrue();
    }

    @Test
    void takesOneAppendWhateverItsSizeSoThatNoneIsRefusedForEver() {
        Backlog backlog = new Backlog(1, 1);
        assertThat(backlog.offer(append(1), NOW)).isTrue();
        assertThat(backlog.offer(append(2), NOW)).isFalse();
        assertThat(backlog.nextAppends()).hasSize(1);
    }

    @Test
    void holdsTenThousandChangesAndNoMore() {
        Backlog backlog = new Backlog(1 << 20, 1 << 20);
        for (int i = 0; i < 10_000; i++) {
            assertThat(backlog.offer(describe(), NOW)).isTrue();
        }
        assertThat(backlog.offer(describe(), NOW)).isFalse();
    }

    @Test
    void changesKeepTheirOrderAndPartBatches() {
        Backlog backlog = new Backlog(1 << 20, 1 << 20);
        QueueCommand.Request change = describe();
        List.of(append(1), append(2), change, append(3)).forEach(command -> backlog.offer(command, NOW));

        assertThat(backlog.nextChange()).isNull();
        assertThat(commands(backlog.nextAppends())).hasSize(2);
        assertThat(backlog.nextAppends()).isEmpty();
        assertThat(backlog.nextChange()).isSameAs(change);
        assertThat(backlog.nextAppends()).hasSize(1);
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void aBatchIsBoundedInBytesInNumberAndInMarks() {
        Backlog bytes = new Backlog(1 << 20, 2 * SIZE + 1);
        Backlog number = new Backlog(1 << 30, 1 << 30);
        Backlog marks = new Backlog(1 << 20, 1 << 20);
        for (int i = 1; i <= 5; i++) {
            bytes.offer(append(i), NOW);
            marks.offer(withMarks(400), NOW);
        }
        IntStream.range(0, 600).forEach(i -> number.offer(append(1), NOW));

        assertThat(bytes.nextAppends()).hasSize(2);
        assertThat(number.nextAppends()).hasSize(500);
        assertThat(number.nextAppends()).hasSize(100);
        assertThat(marks.nextAppends()).hasSize(2);
    }

    @Test
    void earlyAppendsCountTowardsTheBytesAndKeepTheirDeadline() {
        Backlog backlog = new Backlog(2L * SIZE, 1 << 20);
        backlog.offer(append(1), NOW);
        Backlog.Waiting early = backlog.nextAppends().get(0);
        backlog.keepEarly(early);
        assertThat(backlog.bytes()).isEqualTo(SIZE);
        assertThat(backlog.hasNext()).isFalse();
        assertThat(backlog.hasEarly()).isTrue();

        // when it is tried again later and is early again
        backlog.offer(append(2), NOW + 3_000);
        assertThat(backlog.offer(append(3), NOW)).isFalse();
        backlog.retryEarly();
        List<Backlog.Waiting> batch = backlog.nextAppends();
        assertThat(batch).first().isSameAs(early);
        backlog.keepEarly(early);

        // then it runs out at its first deadline
        assertThat(backlog.expired(NOW + Backlog.EARLY_MILLIS - 1)).isEmpty();
        assertThat(backlog.expired(NOW + Backlog.EARLY_MILLIS)).containsExactly(early);
        assertThat(backlog.bytes()).isZero();
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void earlyAppendsComeFirstAndInTheirOrder() {
        Backlog backlog = new Backlog(1 << 20, 1 << 20);
        IntStream.rangeClosed(1, 3).forEach(i -> backlog.offer(append(i), NOW));
        List<Backlog.Waiting> early = backlog.nextAppends();
        early.forEach(backlog::keepEarly);
        backlog.offer(append(4), NOW);

        backlog.retryEarly();

        assertThat(backlog.nextAppends().subList(0, 3)).isEqualTo(early);
    }

    @Test
    void drainingGivesEverythingOnce() {
        Backlog backlog = new Backlog(1 << 20, 1 << 20);
        backlog.offer(append(1), NOW);
        backlog.keepEarly(backlog.nextAppends().get(0));
        backlog.offer(append(2), NOW);
        backlog.offer(describe(), NOW);

        assertThat(backlog.drain()).hasSize(3);
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.bytes()).isZero();
        assertThat(backlog.drain()).isEmpty();
    }

    private static List<QueueCommand.Request> commands(List<Backlog.Waiting> waiting) {
        return new ArrayList<>(waiting.stream().map(Backlog.Waiting::command).toList());
    }

    private static QueueCommand.AppendEvents append(int digit) {
        return new QueueCommand.AppendEvents(Given.append("e" + digit), TestQueue.nobody());
    }

    private static QueueCommand.AppendEvents withMarks(int sources) {
        List<ParentRange> parents = IntStream.range(0, sources)
                .mapToObj(i -> new ParentRange("s" + i, Given.source(1), Given.source(1)))
                .toList();
        Append append = Given.withParents(Given.run("b", 0, 1), parents);
        return new QueueCommand.AppendEvents(append, TestQueue.nobody());
    }

    private static QueueCommand.Request describe() {
        return new QueueCommand.Describe(TestQueue.nobody());
    }
}
