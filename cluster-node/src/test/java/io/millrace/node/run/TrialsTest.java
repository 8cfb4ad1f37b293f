package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.RejectedEventException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How an event that fails is found. */
class TrialsTest {
    private final List<String> through = new ArrayList<>();
    private int calls;

    private static Batch batch(int from, int to) {
        return new Batch(RunScene.A, Events.events(from, to), 5);
    }

    private Trials.Call failingAt(Set<Integer> poison) {
        return batch -> {
            calls++;
            for (Event event : batch.events()) {
                if (poison.contains(event.eid().position())) {
                    throw new IllegalStateException("poison");
                }
            }
            batch.events()
                    .forEach(event -> through.add(Integer.toString(event.eid().position())));
            return Handled.of(batch, Map.of());
        };
    }

    private static int events(List<Passage> done) {
        return done.stream()
                .mapToInt(passage -> passage instanceof Handled handled ? handled.events() : 0)
                .sum();
    }

    /** What bars the way at the end. */
    private static Finding found(List<Passage> done) {
        return ((FoundException) ((Barrier) done.get(done.size() - 1)).why()).finding();
    }

    @Property
    void oneEventThatFailsIsFoundWithFewCallsAndAllBeforeItIsThrough(
            @ForAll @IntRange(min = 1, max = 3_000) int size, @ForAll @IntRange(max = 2_999) int at) throws Exception {
        calls = 0;
        through.clear();
        int poison = at % size;
        Trials trials = new Trials(Caution.NONE);

        List<Passage> done = trials.take(batch(0, size), failingAt(Set.of(poison)));

        Finding found = found(done);
        assertThat(found.event().eid().position()).isEqualTo(poison);
        assertThat(found.failure()).hasMessage("poison");
        assertThat(events(done)).isEqualTo(poison);
        assertThat(through).hasSize(poison).doesNotHaveDuplicates();

        assertThat(calls).isLessThanOrEqualTo(2 + (32 - Integer.numberOfLeadingZeros(size)));
        assertThat(trials.take(batch(size, size + 1), failingAt(Set.of()))).isEmpty();
    }

    @Property
    void eachOfManyIsFoundInOrderAndTheOthersAreThroughOnceAndInOrder(
            @ForAll @Size(max = 20) Set<@IntRange(max = 199) Integer> poison) throws Exception {
        through.clear();
        List<Integer> disposed = new ArrayList<>();
        Trials trials = new Trials(Caution.NONE);
        int from = 0;
        while (from < 200) {
            List<Passage> done = trials.take(batch(from, 200), failingAt(poison));
            from += events(done);
            if (done.get(done.size() - 1) instanceof Barrier) {
                disposed.add(found(done).event().eid().position());
                trials.passed("a");
                trials.again();
                from++;
            }
        }
        assertThat(disposed).containsExactlyElementsOf(new java.util.TreeSet<>(poison));
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            if (!poison.contains(i)) {
                rest.add(Integer.toString(i));
            }
        }
        assertThat(through).isEqualTo(rest);
    }

    @Test
    void aSuspectIsNotTouchedBeforeItIsPermittedAndThenStandsAlone() throws Exception {
        Trials trials = new Trials(new Caution(Map.of("a", Events.id(3)), false));

        List<Passage> done = trials.take(batch(0, 6), failingAt(Set.of()));
        assertThat(events(done)).isEqualTo(3);
        Finding found = found(done);
        assertThat(found.failure()).isNull();
        assertThat(through).containsExactly("0", "1", "2");

        trials.permit(found.event().eid());
        trials.again();
        assertThat(trials.take(batch(3, 6), failingAt(Set.of())))
                .hasSize(2)
                .allSatisfy(passage -> assertThat(passage).isInstanceOf(Handled.class));
        assertThat(calls).isEqualTo(3);
    }

    @Test
    void aCarefulRunAsksBeforeEachEvent() throws Exception {
        Trials trials = new Trials(new Caution(Map.of(), true));
        for (int i = 0; i < 3; i++) {
            List<Passage> done = trials.take(batch(Math.max(0, i - 1), 6), failingAt(Set.of()));
            assertThat(events(done)).isEqualTo(i == 0 ? 0 : 1);
            trials.permit(found(done).event().eid());
            trials.again();
        }
        assertThat(through).containsExactly("0", "1");
    }

    @Test
    void anEventThatIsNamedIsCutOutAtOnce() throws Exception {
        Trials trials = new Trials(Caution.NONE);

        List<Passage> done = trials.take(batch(0, 1_000), batch -> {
            calls++;
            for (Event event : batch.events()) {
                if (event.eid().position() == 700) {
                    throw new RejectedEventException(event, "no customer");
                }
            }
            return Handled.of(batch, Map.of());
        });

        Finding found = found(done);
        assertThat(found.rejected()).isTrue();
        assertThat(found.event().eid().position()).isEqualTo(700);
        assertThat(events(done)).isEqualTo(700);
        assertThat(calls).isEqualTo(3);
    }

    @Test
    void whatFailsOnlyTogetherGoesThroughInParts() throws Exception {
        Trials trials = new Trials(Caution.NONE);

        List<Passage> done = trials.take(batch(0, 1_000), batch -> {
            calls++;
            if (batch.events().size() > 300) {
                throw new IllegalArgumentException("too much at once");
            }
            return Handled.of(batch, Map.of());
        });

        assertThat(events(done)).isEqualTo(1_000);
    }
}
