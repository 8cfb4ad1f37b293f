package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassandraSupervisorIT {

    @TempDir
    Path directory;

    @Test
    void aKilledCassandraComesBackOnTheSamePortAndAStoppedOneDoesNot() {
        List<String> lines = new CopyOnWriteArrayList<>();
        CassandraProcess process = TestCassandra.ownChild(directory);
        try (CassandraSupervisor supervisor = CassandraSupervisor.supervise(process, lines::add)) {
            var contactPoint = process.contactPoint();
            long killed = process.pid();

            // when somebody kills it
            assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();

            // then it answers again at the same place, and there is one line each
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> lines.size() == 2);
            assertThat(CqlPing.answers(contactPoint, Duration.ofSeconds(5))).isTrue();
            assertThat(process.pid()).isNotEqualTo(killed);
            assertThat(lines.get(0)).isEqualTo("Cassandra ended by itself (exit code 137); starting it again in 0.5 s");
            assertThat(lines.get(1))
                    .matches("Cassandra answers again after [0-9.]+ s \\(process " + process.pid() + "\\)");
            assertThat(supervisor.gaveUp().toCompletableFuture()).isNotDone();
        }

        // and closing is no death that calls for a restart
        assertThat(process.onExit().toCompletableFuture().join()).isIn(0, 143);
        assertThat(lines).hasSize(2);
    }
}
