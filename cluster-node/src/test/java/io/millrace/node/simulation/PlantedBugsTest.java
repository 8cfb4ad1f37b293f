package io.millrace.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.bot.PlantedInBot;
import io.millrace.node.journal.Planted;
import io.millrace.node.queue.PlantedInQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth what it finds: each known bug, planted, breaks a rule within a bounded number of schedules. */
class PlantedBugsTest {
    private static final int SEARCHES = 5;
    private static final int MOST = 50_000;

    static Stream<Arguments> bugs() {
        return Stream.of(
                Arguments.of("no epoch bump at a claim", Bugs.in(Planted.NO_EPOCH_BUMP)),
                Arguments.of("lowest epoch wins", Bugs.in(Planted.LOWEST_EPOCH_WINS)),
                Arguments.of("commit sent before the rows are acknowledged", Bugs.in(Planted.COMMIT_BEFORE_ROWS)),
                Arguments.of("lost wake: no look at the tail", Bugs.in(PlantedInQueue.SLEEP_WITHOUT_LOOKING)),
                Arguments.of("lost wake: registered after the look", Bugs.in(PlantedInQueue.SLEEP_REGISTERED_LATE)),
                Arguments.of("mark not in the same append", Bugs.in(PlantedInQueue.MARKS_APART)),
                Arguments.of("run begins before its queues know", Bugs.in(PlantedInBot.RUN_BEFORE_FENCES)),
                Arguments.of("checkpoint before acknowledgement", Bugs.in(Run.CheckpointsTooEarly::new)),
                Arguments.of("appends on their way in no order", Bugs.in(Run.FollowsNothing::new)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(String bug, Bugs planted) {
        var found = IntStream.range(0, SEARCHES)
                .mapToObj(search -> Simulation.search(1_000_000L * search, MOST, planted))
                .toList();

        assertThat(found).as(bug).allMatch(one -> one.isPresent());
        int[] schedules = found.stream()
                .mapToInt(one -> one.orElseThrow().schedules())
                .sorted()
                .toArray();
        System.out.printf(
                "simulation: '%s' was found after %d schedules (median of %d, at most %d): %.140s%n",
                bug,
                schedules[SEARCHES / 2],
                SEARCHES,
                schedules[SEARCHES - 1],
                found.get(0).orElseThrow().what());
        assertThat(found)
                .as("broken rules, not a broken simulation")
                .noneMatch(one -> one.orElseThrow().what().startsWith("broken"));
    }
}
