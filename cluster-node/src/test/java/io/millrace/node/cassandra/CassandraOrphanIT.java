package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassandraOrphanIT {

    @TempDir
    Path directory;

    private Process parent;
    private ProcessHandle child;
    private InetSocketAddress contactPoint;

    @BeforeEach
    void startAParentWithItsCassandra() throws Exception {
        parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CassandraParent.class.getName(),
                        directory.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        var out = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8));
        String[] pidAndPort = out.readLine().split(" ");
        child = ProcessHandle.of(Long.parseLong(pidAndPort[0])).orElseThrow();
        contactPoint = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(pidAndPort[1]));
    }

    @AfterEach
    void endWhatIsLeft() {
        parent.destroyForcibly();
        child.destroyForcibly();
    }

    @Test
    void cassandraDiesWithAKilledParentAndTheNextOneWaitsForThat() throws Exception {
        // given another process is refused while the parent lives
        assertThatThrownBy(() -> CassandraProcess.start(ChildCassandraSettings.forTests(directory)))
                .isInstanceOf(DataDirectoryInUseException.class)
                .hasMessageEndingWith("is in use by process " + parent.pid());

        // when the parent is killed, and another process starts at once
        parent.destroyForcibly().waitFor();
        assertThat(child.isAlive()).isTrue();

        // then it comes up after the orphan has gone
        try (CassandraProcess next = TestCassandra.ownChild(directory)) {
            assertThat(child.isAlive()).isFalse();
            assertThat(next.pid()).isNotEqualTo(child.pid());
        }
    }

    @Test
    void ctrlCInTheTerminalLeavesTheOrderOfStoppingToTheParent() throws Exception {
        // when the terminal interrupts the whole group and the parent takes its time
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(child.pid()))
                        .start()
                        .waitFor())
                .isZero();

        // then Cassandra goes on serving until the parent ends in its own way
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(6))
                .until(() -> CqlPing.answers(contactPoint, Duration.ofSeconds(1)));
        parent.destroy();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !child.isAlive());
    }
}
