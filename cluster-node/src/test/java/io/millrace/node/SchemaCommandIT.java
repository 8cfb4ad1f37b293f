package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.journal.Schema;
import io.millrace.node.settings.CassandraSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace schema}, and nodes that leave the schema to it. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class SchemaCommandIT {
    @TempDir
    Path directory;

    private final TestCassandra cassandra = TestCassandra.shared();
    private final String keyspace = cassandra.newKeyspace();

    @Test
    void itMayRunTwiceAndThenTheNodesThatWaitedGoOn() throws Exception {
        CassandraSettings settings = new CassandraSettings(
                java.util.List.of(cassandra.contactPoint()),
                cassandra.datacenter(),
                keyspace,
                CassandraSettings.ONE_COPY,
                false,
                CassandraSettings.DEFAULT_REQUEST_TIMEOUT,
                Optional.empty(),
                Optional.empty());
        try (CqlSession session = Sessions.open(settings).toCompletableFuture().get(1, TimeUnit.MINUTES)) {
            CompletableFuture<?> waiting =
                    Schema.ready(session, settings, Runnable::run).toCompletableFuture();
            assertThat(run("")).contains(keyspace + " has all its tables").startsWith("0 ");
            assertThat(run("")).startsWith("0 ");
            waiting.get(1, TimeUnit.MINUTES);

            assertThat(Schema.replication(session, keyspace)).isEqualTo(CassandraSettings.ONE_COPY);
        }
    }

    @Test
    void aKeyspaceThatIsReplicatedOtherwiseIsLeftAloneAndTold() throws IOException {
        assertThat(run("")).startsWith("0 ");

        assertThat(run("replication { class = SimpleStrategy, replication_factor = 3 }"))
                .startsWith(ExitCode.WRONG_SETTINGS.code() + " ")
                .contains("replication_factor=1", "replication_factor=3");
        assertThat(run("")).startsWith("0 ");
    }

    @Test
    void aCassandraThatDoesNotAnswerIsWaitedForNoLongerThanSaid() throws IOException {
        Path file = directory.resolve("away.conf");
        Files.writeString(file, "millrace { security.mode = keys, cassandra.contact-points = [\"127.0.0.1:1\"] }");

        assertThat(execute("--wait", "1", "--config", file.toString()))
                .startsWith(ExitCode.CASSANDRA_FAILED.code() + " ")
                .contains("127.0.0.1:1");
    }

    private String run(String more) throws IOException {
        Path file = directory.resolve("node.conf");
        Files.writeString(file, """
                millrace.security.mode = keys
                millrace.cassandra { contact-points = ["%s:%d"], datacenter = "%s", keyspace = "%s"
                %s }
                """.formatted(
                        cassandra.contactPoint().getHostString(),
                        cassandra.contactPoint().getPort(),
                        cassandra.datacenter(),
                        keyspace,
                        more));
        return execute("--config", file.toString());
    }

    /** The exit code, and what it says. */
    private static String execute(String... options) {
        var err = new StringWriter();
        String[] arguments = new String[options.length + 1];
        arguments[0] = "schema";
        System.arraycopy(options, 0, arguments, 1, options.length);
        int code = Main.commandLine((contact, datacenter, http) -> {
                    throw new AssertionError("started");
                })
                .setErr(new PrintWriter(err))
                .execute(arguments);
        assertThat(err.toString().strip()).hasLineCount(1);
        return code + " " + err;
    }
}
