package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassandraProcessIT {

    @TempDir
    Path directory;

    @Test
    void dataSurvivesAStopAKillAndARestart() throws Exception {
        // given a row that was acknowledged just before the process was killed
        try (CassandraProcess process = TestCassandra.ownChild(directory)) {
            try (CqlSession session = connect(process)) {
                session.execute("CREATE KEYSPACE k WITH replication = "
                        + "{'class': 'SimpleStrategy', 'replication_factor': 1}");
                session.execute("CREATE TABLE k.t (id int PRIMARY KEY, v text)");
                session.execute("INSERT INTO k.t (id, v) VALUES (1, 'one')");
            }
            var contactPoint = process.contactPoint();
            process.kill();

            // when it is started again, on the same port
            process.restart();

            // then the row is there, and takes part in a compare-and-set
            assertThat(process.contactPoint()).isEqualTo(contactPoint);
            try (CqlSession session = connect(process)) {
                assertThat(session.execute("UPDATE k.t SET v = 'two' WHERE id = 1 IF v = 'one'")
                                .wasApplied())
                        .isTrue();
            }

            // and a stop takes bounded time
            long start = System.nanoTime();
            process.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
        }

        // and a new one in the same directory goes on, whatever ports it gets
        try (CassandraProcess process = TestCassandra.ownChild(directory);
                CqlSession session = connect(process)) {
            assertThat(session.execute("SELECT v FROM k.t WHERE id = 1").one().getString(0))
                    .isEqualTo("two");
        }
    }

    @Test
    void aSecondStartInTheSameDirectoryIsRefusedAndTheFirstLivesOn() throws Exception {
        try (CassandraProcess first = TestCassandra.ownChild(directory)) {
            assertThatThrownBy(() -> CassandraProcess.start(ChildCassandraSettings.forTests(directory)))
                    .isInstanceOf(DataDirectoryInUseException.class)
                    .hasMessage("data directory " + directory.toRealPath() + " is in use by process "
                            + ProcessHandle.current().pid());
            assertThat(CqlPing.answers(first.contactPoint(), Duration.ofSeconds(5)))
                    .isTrue();
        }
    }

    private static CqlSession connect(CassandraProcess process) {
        return CqlSession.builder()
                .addContactPoint(process.contactPoint())
                .withLocalDatacenter(CassandraProcess.DATACENTER)
                .build();
    }
}
