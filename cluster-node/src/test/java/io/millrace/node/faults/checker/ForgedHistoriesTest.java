package io.millrace.node.faults.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Operation.Append;
import io.millrace.node.faults.history.Operation.Fault;
import io.millrace.node.faults.history.Operation.FinalRead;
import io.millrace.node.faults.history.Operation.Granted;
import io.millrace.node.faults.history.Operation.Heartbeat;
import io.millrace.node.faults.history.Operation.Read;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForgedHistoriesTest {
    private static final int FORGERIES = 5;
    private static final int MOST_TRIES = 200;

    @TempDir
    private Path directory;

    static Stream<Forgery> forgeries() {
        return Stream.<Forgery[]>of(Mutation.values(), LetterMutation.values(), LaneMutation.values())
                .flatMap(Stream::of);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void shouldNameEveryForgery(Forgery mutation) {
        long seed = new Random().nextLong();
        int applied = 0;
        for (int i = 0; i < MOST_TRIES && applied < FORGERIES; i++, seed++) {
            Edit edit = new Edit(ModelBus.run(seed, 60 + i), new Random(seed));
            if (mutation.apply(edit)) {
                applied++;
                Verdict verdict = ModelHistories.verdict(directory, edit.history());
                assertThat(verdict).as("%s, seed %d", mutation, seed).isInstanceOf(Verdict.Violations.class);
                var violations = (Verdict.Violations) verdict;
                assertThat(violations.counts())
                        .as("%s, seed %d: %s", mutation, seed, verdict)
                        .containsKey(mutation.found());
                assertThat(violations.first())
                        .allSatisfy(one -> assertThat(one.evidence()).isNotEmpty());
            }
        }
        assertThat(applied).as("forgeries before seed %d", seed).isEqualTo(FORGERIES);
    }

    @Test
    void shouldNotConcludeFromARunInWhichLittleWasDone() {
        assertInconclusive(
                operation -> operation instanceof Read read
                        ? new Read(
                                unknown(read.call()), read.queue(), read.reader(), read.after(), read.events(), false)
                        : operation instanceof Append append && append.run() != null
                                ? new Append(
                                        unknown(append.call()),
                                        append.queue(),
                                        null,
                                        0,
                                        append.run(),
                                        append.values(),
                                        null,
                                        null)
                                : operation instanceof Granted || operation instanceof Heartbeat ? null : operation,
                "operations were ok");
    }

    @Test
    void shouldNotConcludeFromFaultsThatHitNothing() {
        assertInconclusive(
                operation -> operation instanceof Fault fault
                        ? new Fault(fault.call(), fault.kind(), fault.target(), fault.claims(), List.of("bot copier"))
                        : operation,
                "kill owner of queue");
    }

    @Test
    void shouldNotConcludeWithoutAFullReadThroughEachNode() {
        assertInconclusive(
                operation -> operation instanceof FinalRead read
                                && read.call().node().equals("n2")
                        ? new FinalRead(unknown(read.call()), read.queue(), read.after(), List.of(), true)
                        : operation,
                "through n2");
    }

    private void assertInconclusive(UnaryOperator<Operation> change, String because) {
        long seed = new Random().nextLong();
        List<Operation> history = ModelBus.run(seed, 150).stream()
                .map(change)
                .filter(Objects::nonNull)
                .toList();

        Verdict verdict = ModelHistories.verdict(directory, history);

        assertThat(verdict).as("seed %d: %s", seed, verdict).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(verdict.toString()).contains(because);
    }

    private static Call unknown(Call call) {
        return Call.unknown(call.client(), call.node(), call.from(), call.to(), "timeout");
    }
}
