package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.QueueName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrearsTest {
    private static final QueueName SLOW = new QueueName("slow");
    private static final QueueName OTHER = new QueueName("other");
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private final AtomicLong now = new AtomicLong(1);
    private final Arrears arrears = new Arrears(PATIENCE, now::get);

    private List<Arrears.Entry> begin(QueueName queue, int count) {
        return IntStream.range(0, count).mapToObj(i -> arrears.begin(queue)).toList();
    }

    @Test
    void aCrowdWhoseOldestHasWaitedTooLongLetsNobodyElseInUntilThatOneIsAnswered() {
        List<Arrears.Entry> crowd = begin(SLOW, Arrears.FEW);
        now.addAndGet(PATIENCE.toNanos() + 1);

        assertThatThrownBy(() -> arrears.requireTimely(SLOW)).isInstanceOf(Refusal.class);
        assertThatCode(() -> arrears.requireTimely(OTHER)).doesNotThrowAnyException();

        arrears.end(crowd.get(0));
        arrears.begin(SLOW);
        assertThatThrownBy(() -> arrears.requireTimely(SLOW)).isInstanceOf(Refusal.class);

        crowd.forEach(arrears::end);
        assertThatCode(() -> arrears.requireTimely(SLOW)).doesNotThrowAnyException();
    }

    @Test
    void fewMayWaitAsLongAsItTakesAndManyForAWhile() {
        begin(SLOW, Arrears.FEW - 1);
        now.addAndGet(10 * PATIENCE.toNanos());
        begin(OTHER, 10 * Arrears.FEW);
        now.addAndGet(PATIENCE.toNanos());

        assertThatCode(() -> arrears.requireTimely(SLOW)).doesNotThrowAnyException();
        assertThatCode(() -> arrears.requireTimely(OTHER)).doesNotThrowAnyException();
    }

    @Test
    void nothingIsKeptOfQueuesAtRest() {
        begin(SLOW, 3).forEach(arrears::end);

        assertThat(arrears.queues()).isZero();
    }
}
