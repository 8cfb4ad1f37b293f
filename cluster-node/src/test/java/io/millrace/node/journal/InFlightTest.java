package io.millrace.node.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored")
class InFlightTest {
    private final List<String> started = new ArrayList<>();

    @Test
    void shouldStartWhatFitsAndKeepTheOthersInOrder() {
        var inFlight = new InFlight("appends", 10, 5);
        var a = work(inFlight, "a", 6);
        var b = work(inFlight, "b", 4);
        var c = work(inFlight, "c", 5);
        work(inFlight, "d", 1);
        assertThat(started).containsExactly("a", "b");

        b.complete("done");
        assertThat(started).as("c doesn't fit yet, d must not overtake it").containsExactly("a", "b");
        a.completeExceptionally(new IllegalStateException("failed"));

        assertThat(started).containsExactly("a", "b", "c", "d");
        assertThat(inFlight.waiting()).isZero();
        c.complete("done");
    }

    @Test
    void shouldLetWhatIsHeavierThanTheLimitGoAlone() {
        var inFlight = new InFlight("appends", 10, 5);
        var heavy = work(inFlight, "heavy", 100);
        work(inFlight, "light", 1);
        assertThat(started).containsExactly("heavy");

        heavy.complete("done");

        assertThat(started).containsExactly("heavy", "light");
    }

    @Test
    void shouldRefuseWhatIsPastTheNumberThatMayWait() {
        var inFlight = new InFlight("appends", 1, 1);
        work(inFlight, "a", 1);
        work(inFlight, "b", 1);

        var refused = inFlight.run(1, () -> new CompletableFuture<String>()).toCompletableFuture();

        assertThat(refused).isCompletedExceptionally();
        assertThat(refused.handle((value, failure) -> failure).join()).isInstanceOf(JournalBusyException.class);
        assertThat(started).containsExactly("a");
    }

    @Test
    void shouldNotRecurseWhenAllThatWaitsFailsAtOnce() {
        var inFlight = new InFlight("appends", 1, 100_000);
        var first = work(inFlight, "first", 1);
        var waiting = IntStream.range(0, 100_000)
                .mapToObj(i -> inFlight.<String>run(1, () -> {
                            throw new IllegalStateException("closed");
                        })
                        .toCompletableFuture())
                .toList();

        first.complete("done");

        assertThat(waiting).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(inFlight.waiting()).isZero();
    }

    private CompletableFuture<String> work(InFlight inFlight, String name, long weight) {
        var result = new CompletableFuture<String>();
        inFlight.run(weight, () -> {
            started.add(name);
            return result;
        });
        return result;
    }
}
