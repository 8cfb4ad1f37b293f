package io.millrace.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.load.Events;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoalTest {
    @Test
    void goalsAreHeldAgainstTheMedian() {
        Report report = new Report();
        for (long eps : new long[] {900_000, 100_000, 700_000}) {
            report.add(new Result("W1", 1).put("eps", eps));
        }

        assertThat(printed(report, Peers.known(Events.Note.PADDED)))
                .contains("| W1 | eps | at least 656,000 (1.0 x kafka) | 700,000 (100,000 - 900,000) | yes |");
    }

    @Test
    void aGoalThatIsMissedSaysSo() {
        Report report = new Report();
        report.add(new Result("W3", 1).put("p50Us", 4_001L).put("p99Us", 25_000L));

        assertThat(printed(report, Peers.known(Events.Note.PADDED)))
                .contains("| W3 | p50Us | at most 4,000 (4 ms) | 4,001 (4,001 - 4,001) | **no** |")
                .contains("| W3 | p99Us | at most 25,000 (25 ms) | 25,000 (25,000 - 25,000) | yes |");
    }

    @Test
    void singlePutsAreHeldAgainstPlainInsertsOfTheSameRun() {
        Report report = new Report();
        report.add(new Result("W1b-insert", 1).put("p50Us", 400L));
        report.add(new Result("W1b-sync1", 1).put("p50Us", 1_201L));

        assertThat(printed(report, Peers.known(Events.Note.PADDED))).contains("| W1b-sync1 | p50Us | at most 1,200");
    }

    @Test
    void linesOfThePeersHarnessReplaceWhatIsKnown(@TempDir Path directory) throws IOException {
        Path lines = directory.resolve("peers.jsonl");
        Files.writeString(lines, """
                {"peer":"kafka","workload":"settings","rep":0,"ok":true,"settings":{"acks":"all"}}
                {"peer":"kafka","workload":"W1","rep":1,"ok":true,"seconds":2.0,"eps":500000,"clean":true}
                {"peer":"kafka","workload":"W1","rep":2,"ok":true,"seconds":1.0,"eps":600000,"clean":true}
                {"peer":"kafka","workload":"W1","rep":3,"ok":false,"seconds":1.0,"eps":1,"clean":true}
                not a line of results
                """);

        Peers peers = Peers.read(lines);

        assertThat(peers.eventsPerSecond(Peers.KAFKA, "W1")).hasValue(550_000);
        assertThat(peers.eventsPerSecond(Peers.RABBIT, "W2")).isEmpty();
    }

    @Test
    void whatIsWrongIsShownAndNotCounted() {
        Report report = new Report();
        report.add(Result.failed("w5", new IllegalStateException("broke", new IOException("cause"))));

        assertThat(report.isAllRight()).isFalse();
        assertThat(printed(report, Peers.known(Events.Note.RANDOM)))
                .contains("Not as it must be", "broke", "cause")
                .doesNotContain("| w5 |");
    }

    @Test
    void everyResultHasTheFieldsThatThePeersTableIsMadeOf() {
        Map<String, Object> fields = new Result("W2", 3).put("eps", 12L).fields();

        assertThat(fields)
                .containsEntry("peer", "millrace")
                .containsEntry("workload", "W2")
                .containsEntry("rep", 3)
                .containsEntry("ok", true)
                .containsEntry("eps", 12L);
    }

    private static String printed(Report report, Peers peers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.print(new PrintStream(out, true, StandardCharsets.UTF_8), peers);
        return out.toString(StandardCharsets.UTF_8);
    }
}
