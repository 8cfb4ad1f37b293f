package io.millrace.node.faults.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final Call CALL = Call.ok("c1", "n2", 17, 19);
    private static final RunOf RUN = new RunOf("b", "run-1", 3);
    private static final EventId ID = new EventId(1_700_000_000_000L, 12);

    private static final List<Operation> ONE_OF_EACH = List.of(
            new Operation.Plan(
                    CALL,
                    -5,
                    List.of("n1"),
                    List.of("q"),
                    List.of(
                            new Pipeline("b", List.of("q"), "r", Pipeline.Shape.REDUCE),
                            new Pipeline("b", List.of("q"), "s", Pipeline.Shape.MANY, 7, true)),
                    60_000),
            new Operation.Append(CALL, "q", "p", 4, RUN, List.of("c1-1", "c1-2"), ID, ID.plus(1)),
            new Operation.Append(
                    Call.unknown("c1", "n1", 1, 2, "timeout"), "q", null, 0, null, List.of("x-1"), null, null),
            new Operation.Read(CALL, "q", "r1", "", List.of(new Seen(ID, "c1-1")), true),
            new Operation.Granted(CALL, RUN, "w1", 99),
            new Operation.Heartbeat(CALL, RUN, false, 99),
            new Operation.Handled(CALL, RUN, "q", List.of(new Seen(ID, "c1-1"))),
            new Operation.Checkpointed(CALL, RUN, "q", ID.toString()),
            new Operation.Completed(CALL, RUN, "ok", Map.of("q", ID.toString())),
            new Operation.Reset(CALL, "b", "q", ""),
            new Operation.Administered(CALL, "b", "kill"),
            new Operation.Redriven(CALL, "b", List.of(ID.toString()), true, 1, false),
            new Operation.BotSeen(CALL, "b", 3, Map.of("q", "")),
            new Operation.Fault(CALL, "kill", "n1", "queue", List.of("queue q")),
            new Operation.Healed(CALL, Operation.Healed.EVERYTHING),
            new Operation.Recovered(CALL, "append after kill", 8_000),
            new Operation.FinalRead(
                    CALL,
                    "r",
                    "",
                    List.of(
                            FinalEvent.source(ID, "c1-1"),
                            new FinalEvent(
                                    ID.plus(1), "o-1", "b", new Correlation("q", "s", "e", 2), List.of("a", "b"))),
                    true),
            new Operation.FinalBot(CALL, "b", 4, Map.of("q", ID.toString()), Map.of("q", 0L)));

    @TempDir
    private Path directory;

    @Test
    void shouldNameWhatIsDeadAndFindTheValueAgain() {
        String name = Named.of("out<a-1 again " + ID, Named.DEAD, ID.plus(1).toString());

        assertThat(Named.root(name)).isEqualTo("out<a-1 again " + ID);
        assertThat(Named.says(name, Named.DEAD)).isTrue();
        assertThat(Named.says(name, Named.AGAIN)).isFalse();
        assertThat(Named.root(Named.root(name))).isEqualTo("out<a-1");
    }

    @Test
    void shouldReadWhatWasWrittenOfEachKind() {
        try (var history = History.open(directory, "client")) {
            ONE_OF_EACH.forEach(history::write);
        }

        assertThat(operations()).isEqualTo(ONE_OF_EACH);
        assertThat(ONE_OF_EACH.stream().map(Object::getClass).distinct())
                .hasSize(Operation.class.getPermittedSubclasses().length);
    }

    @Test
    void shouldKeepEveryLineOfManyThreadsWhole() {
        try (var history = History.open(directory, "client")) {
            IntStream.range(0, 5_000).parallel().forEach(i -> history.write(ONE_OF_EACH.get(i % ONE_OF_EACH.size())));
        }

        assertThat(operations()).hasSize(5_000);
    }

    @Test
    void shouldMergeFilesByInvocation() {
        try (var one = History.open(directory, "one");
                var two = History.open(directory, "two")) {
            one.write(at(30));
            one.write(at(10));
            two.write(at(20));
        }

        assertThat(new HistoryFiles(directory).merged())
                .extracting(found -> found.operation().call().from(), Located::place)
                .containsExactly(tuple(10L, "one.history:2"), tuple(20L, "two.history:1"), tuple(30L, "one.history:1"));
    }

    @Test
    void shouldLeaveOutTheTornLineOfAKilledProcessAndGoOnWithItsSuccessor() throws IOException {
        try (var history = History.open(directory, "node")) {
            history.write(at(1));
        }
        append("{\"op\":\"heal");
        assertThat(operations()).containsExactly(at(1));

        try (var history = History.open(directory, "node")) {
            history.write(at(2));
        }
        assertThat(operations()).containsExactly(at(1), at(2));
    }

    @Test
    void shouldRefuseAHistoryWithAHole() throws IOException {
        append("{\"op\":\"heal\n");
        append("{}\n");

        assertThatThrownBy(this::operations).hasMessageContaining("node.history:1");
    }

    private void append(String text) throws IOException {
        Files.writeString(
                directory.resolve("node.history"), text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        new HistoryFiles(directory).forEach(one -> all.add(one.operation()));
        return all;
    }

    private static Operation at(long time) {
        return new Operation.Healed(Call.ok("c", "", time, time), "x");
    }
}
