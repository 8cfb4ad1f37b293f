package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps a node from starting is one line and an exit code. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class NodeCommandTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "millrace.http.prot = 1 | there is no key millrace.http.prot",
                "millrace { | expecting a close parentheses",
                "millrace.cluster.port = -1 | millrace.cluster.port must be 0 to 65535, not -1",
            })
    void settingsThatAreWrong(String file, String expected) throws Exception {
        assertThat(run(file, ExitCode.WRONG_SETTINGS)).contains(expected.strip());
    }

    @Test
    void aPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("millrace.http.port = " + taken.getLocalPort(), ExitCode.PORT_TAKEN))
                    .contains("127.0.0.1:" + taken.getLocalPort() + " (millrace.http.host and .port)");
        }
    }

    @Test
    void anAddressOfAnotherMachine() throws Exception {
        assertThat(run(
                        "millrace { http.port = 0, cluster { host = \"192.0.2.1\", tls.enabled = false } }",
                        ExitCode.PORT_TAKEN))
                .contains("no address of this machine");
    }

    @Test
    void aNodeThatDoesNotSayWhoMayDoWhat() throws Exception {
        assertThat(run("millrace { security.mode = \"\" } # {", ExitCode.WRONG_SETTINGS))
                .contains("millrace.security.mode must be said");
    }

    @Test
    void itsHelpNamesEveryEnvironmentVariable() {
        var out = new StringWriter();
        Main.commandLine((cassandra, datacenter, http) -> {
                    throw new AssertionError("started");
                })
                .setOut(new PrintWriter(out))
                .execute("node", "--help");

        assertThat(out.toString())
                .contains(
                        io.millrace.node.settings.Environment.VARIABLES.keySet().toArray(String[]::new));
    }

    private String run(String settings, ExitCode expected) throws Exception {
        Path file = directory.resolve("node.conf");
        Files.writeString(file, settings.endsWith("{") ? settings : settings + "\nmillrace.security.mode = keys");
        var err = new StringWriter();
        int code = Main.commandLine((cassandra, datacenter, http) -> {
                    throw new AssertionError("started");
                })
                .setErr(new PrintWriter(err))
                .execute("node", "--config", file.toString());
        assertThat(code).as(err.toString()).isEqualTo(expected.code());
        assertThat(err.toString().strip()).startsWith("millrace: ").hasLineCount(1);
        return err.toString();
    }
}
