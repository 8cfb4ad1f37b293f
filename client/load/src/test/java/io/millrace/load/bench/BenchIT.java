package io.millrace.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every workload, tiny, on a bus that the bench starts: what its figures say nobody cares, that they are there counts. */
class BenchIT {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // half a minute on a quiet machine
    void everyWorkloadGivesItsResultsAndNothingIsLost() {
        int exit = run(
                "--n 200 --reps 1 --max-reps 1 --quiet-wait 0 --warm 50 --warm-seconds 1 --warm-limit 0 --seconds 1 --rate 100"
                        + " --payload realistic -o json");

        List<JsonNode> results = out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .map(line -> Json.tree(line, 0, line.length))
                .toList();
        assertThat(results)
                .allSatisfy(result -> assertThat(result.path("ok").asBoolean())
                        .as(result.toString())
                        .isTrue());
        assertThat(results)
                .extracting(result -> result.path("workload").asText())
                .containsExactly(
                        "settings",
                        "W1",
                        "W2",
                        "W2-parsed",
                        "W1b-insert",
                        "W1b-sync1",
                        "W1b-sync64",
                        "W3",
                        "W3-hop",
                        "W3-hop-java",
                        "W4-eo",
                        "W4-eo-java",
                        "W5-200",
                        "W5-bots200",
                        "W1-10B",
                        "W2-10B",
                        "W1-10KiB",
                        "W2-10KiB",
                        "W1-1MiB",
                        "W2-1MiB",
                        "W1-random",
                        "W2-random",
                        "W1-producers16",
                        "W1-queues200-64KiB",
                        "W1-queues1",
                        "W1-queues4",
                        "W1-queues16",
                        "W6");
        assertThat(results.get(1).path("totalCpuPerM").asDouble()).isPositive();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("| W3 | p50Us | at most 4,000");
        assertThat(exit).isZero();
    }

    @Test
    void anUnknownWorkloadIsRefusedBeforeAnythingStarts() {
        assertThat(run("w1 w9")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no workload w9");
    }

    @Test
    void aBusOfOthersIsNotKilled() {
        assertThat(run("w6 --url http://127.0.0.1:1")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("w6 kills nodes");
    }

    private int run(String arguments) {
        return Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments.split(" "));
    }
}
