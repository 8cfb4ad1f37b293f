package io.millrace.node;

import com.datastax.oss.driver.api.core.CqlSession;
import io.millrace.node.journal.Schema;
import io.millrace.node.settings.CassandraSettings;
import io.millrace.node.settings.NodeSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace schema}: makes keyspace and tables for nodes that may not. */
@Command(
        name = "schema",
        sortOptions = false,
        description = {
            "Make the keyspace and the tables that a bus needs, where they are missing, and end. It may be run again at any"
                    + " time, also beside nodes: what is there is left alone.",
            "",
            "For a Cassandra where nodes may not make them (millrace.cassandra.create-schema = off): run it as a user who"
                    + " may. The replication of the keyspace is what millrace.cassandra.replication says; when it is there"
                    + " already with another one, that is told and nothing is changed.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is there, 2 wrong arguments, 15 Cassandra didn't answer or refused, 18 wrong settings, or",
            "  the keyspace is replicated otherwise."
        })
final class SchemaCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The settings of the nodes, in HOCON; environment variables as with \"millrace node\".")
    private @Nullable Path config;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait for Cassandra (default: ${DEFAULT-VALUE}).")
    private int wait;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // Its presence is all that picocli needs.
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        try {
            CassandraSettings settings =
                    ConfigFile.read(config, file -> NodeSettings.loadCassandra(file, System.getenv()));
            Logging.toStandardOutput();
            StorageVisit.make(settings, wait, session -> {
                Schema.create(session, settings);
                checkReplication(session, settings);
                return settings;
            });
            say("the keyspace " + settings.keyspace() + " has all its tables");
            return 0;
        } catch (StartRefusal refusal) {
            say(refusal.line());
            return refusal.exit().code();
        }
    }

    /** One copy by mistake is found out here, and not when the first disk is lost. */
    private static void checkReplication(CqlSession session, CassandraSettings settings) throws StartRefusal {
        Map<String, String> found = Schema.replication(session, settings.keyspace());
        if (!found.equals(settings.replication())) {
            throw new StartRefusal(
                    ExitCode.WRONG_SETTINGS,
                    "the keyspace " + settings.keyspace() + " is replicated as " + found + ", the settings say "
                            + new TreeMap<>(settings.replication())
                            + "; change one of them (ALTER KEYSPACE, and then a full repair)");
        }
    }

    private void say(String line) {
        if (spec != null) {
            spec.commandLine().getErr().println("millrace: " + line);
        }
    }
}
