package io.millrace.node;

import io.millrace.node.application.Outcome;
import io.millrace.node.cassandra.KeyTable;
import io.millrace.node.security.ApiKeys;
import io.millrace.node.settings.CassandraSettings;
import io.millrace.node.settings.NodeSettings;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.ApiKey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code millrace keys}: API keys, made straight in Cassandra: the first one can't be made over HTTP. */
@Command(
        name = "keys",
        sortOptions = false,
        description = {
            "Make, list and revoke the API keys of a bus, straight in its Cassandra; nodes needn't run, and need no restart: a"
                    + " new key works within 1 s, a revoked one is refused within 5 s.",
            "",
            "A grant is a scope and a pattern. Scopes: read (see a queue and its events, see a bot), write (append), run (do"
                    + " a bot's work, write in its name, steer it), admin (all of these; configure, register, archive, move"
                    + " back; with *: the bus and its keys). Patterns: the name of a queue or a bot, the beginning of names"
                    + " and a *, or *.",
            "",
            "To replace a key make another one of its name, hand it out, and revoke the old one: two of a name may be valid.",
            ""
        },
        footer = {"", "Exit codes: 0 done, 1 refused, 2 wrong arguments, 15 Cassandra didn't answer, 18 wrong settings."
        })
final class KeysCommand {
    private static final int REFUSED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            scope = ScopeType.INHERIT,
            description = "The settings of the nodes, in HOCON; environment variables as with \"millrace node\".")
    private @Nullable Path config;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            scope = ScopeType.INHERIT,
            description = "How long to wait for Cassandra (default: ${DEFAULT-VALUE}).")
    private int wait;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("unused") // Its presence is all that picocli needs.
    private boolean help;

    @Command(
            name = "create",
            description = "Make a key and print it, alone on one line of standard output. It is shown only this once.")
    int create(
            @Option(names = "--name", required = true, description = "Whose it is, or what for.") String name,
            @Option(names = "--grant", required = true, split = ",", description = "As read:orders-*; may be repeated.")
                    List<String> grants,
            @Option(
                            names = "--expires",
                            paramLabel = "DURATION",
                            defaultValue = "P365D",
                            description = "How long it is valid, up to P1825D (default: ${DEFAULT-VALUE}).")
                    Duration expires)
            throws InterruptedException {
        return run(
                keys -> keys.create(
                        new ApiKey.Request(
                                name, grants, Clock.systemUTC().instant().plus(expires)),
                        "millrace keys"),
                key -> {
                    out().println(key.secret());
                    say("made key " + key.key() + " (" + key.name() + "), valid until " + key.expiresAt());
                });
    }

    @Command(
            name = "list",
            description = "Print all keys, without their secrets: those that aren't valid any more for 90 days.")
    int list() throws InterruptedException {
        return run(ApiKeys::list, listing -> listing.keys().forEach(this::print));
    }

    @Command(name = "revoke", description = "Have a key refused by all nodes within 5 s.")
    int revoke(
            @Parameters(
                            paramLabel = "KEY",
                            description = "Its id: what stands behind mr_, or the first column of the list.")
                    String key)
            throws InterruptedException {
        return run(
                keys -> keys.revoke(key), revoked -> say("revoked key " + revoked.key() + " (" + revoked.name() + ")"));
    }

    private void print(ApiKey key) {
        out().println(String.join(
                "  ",
                key.key(),
                key.name(),
                String.join(",", key.grants()),
                key.revokedAt() != null
                        ? "revoked " + key.revokedAt()
                        : key.expiresAt().isBefore(Clock.systemUTC().instant())
                                ? "expired " + key.expiresAt()
                                : "until " + key.expiresAt()));
    }

    private <T> int run(Function<ApiKeys, CompletionStage<Outcome<T>>> work, java.util.function.Consumer<T> print)
            throws InterruptedException {
        try {
            CassandraSettings settings =
                    ConfigFile.read(config, file -> NodeSettings.loadCassandra(file, System.getenv()));
            Logging.toStandardError();
            Outcome<T> outcome = StorageVisit.make(
                    settings,
                    wait,
                    session -> work.apply(new ApiKeys(new KeyTable(session, settings.keyspace()), Clock.systemUTC()))
                            .toCompletableFuture()
                            .get(wait, TimeUnit.SECONDS));
            if (outcome instanceof Outcome.Done<T> done) {
                print.accept(done.value());
                return 0;
            }
            Problem problem = ((Outcome.Refused<T>) outcome).problem();
            say(problem.detail());
            return REFUSED;
        } catch (StartRefusal refusal) {
            say(refusal.line());
            return refusal.exit().code();
        }
    }

    private PrintWriter out() {
        return command().commandLine().getOut();
    }

    private void say(String line) {
        command().commandLine().getErr().println("millrace: " + line);
    }

    private CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec;
    }
}
