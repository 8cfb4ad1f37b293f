package io.millrace.node.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import com.datastax.oss.driver.api.core.tracker.RequestTracker;
import io.millrace.node.settings.CassandraSettings;
import io.millrace.node.tls.Tls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Opens sessions with Cassandra, configured by code alone: no file on the class path has a say. */
public final class Sessions {
    /** Profile of every compare-and-set and every SERIAL read: the driver repeats none of them. */
    public static final String COMPARE_AND_SET = "compare-and-set";

    /** Profile of schema statements, which take long on a busy machine. */
    public static final String SCHEMA = "schema";

    private Sessions() {}

    /**
     * Waits for Cassandra as long as it takes: the stage completes once a contact point answers.
     *
     * @return a session without a keyspace of its own; statements name theirs
     */
    public static CompletionStage<CqlSession> open(CassandraSettings settings) {
        return open(settings, List.of());
    }

    /** As the shorter form, with those told of every statement. */
    public static CompletionStage<CqlSession> open(CassandraSettings settings, List<RequestTracker> trackers) {
        var builder = CqlSession.builder()
                .withApplicationName("millrace")
                .addContactPoints(settings.contactPoints())
                .withConfigLoader(DriverConfigLoader.fromMap(options(settings)));
        settings.login().ifPresent(login -> builder.withAuthCredentials(login.user(), login.password()));
        settings.tls().ifPresent(files -> builder.withSslEngineFactory(new TlsEngines(new Tls(files, Tls.PROTOCOLS))));
        trackers.forEach(builder::addRequestTracker);
        return builder.buildAsync();
    }

    private static OptionsMap options(CassandraSettings settings) {
        OptionsMap options = OptionsMap.driverDefaults();
        // Said here and not to the builder, which would tell the default profile alone.
        options.put(TypedDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, settings.datacenter());
        options.put(TypedDriverOption.RECONNECT_ON_INIT, true);
        options.put(TypedDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(200));
        options.put(TypedDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5));
        options.put(TypedDriverOption.REQUEST_TIMEOUT, settings.requestTimeout());
        options.put(TypedDriverOption.REQUEST_CONSISTENCY, DefaultConsistencyLevel.LOCAL_QUORUM.name());
        options.put(TypedDriverOption.REQUEST_SERIAL_CONSISTENCY, DefaultConsistencyLevel.LOCAL_SERIAL.name());
        options.put(TypedDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, false);
        // Bodies are zstd already: a second compression would cost CPU and gain nothing.
        options.put(TypedDriverOption.PROTOCOL_COMPRESSION, "none");
        // Not the newest: overloaded, Cassandra 5.0.9 sent segments of version 5 with two bytes too many, as long as
        // the count of
        // contentions in the error of a compare-and-set. The driver then closes the connection, and all that is under
        // way on
        // it fails as well, just when the storage is slow.
        options.put(TypedDriverOption.PROTOCOL_VERSION, "V4");
        // Two connections keep small compare-and-sets from queueing behind a MiB of rows.
        options.put(TypedDriverOption.CONNECTION_POOL_LOCAL_SIZE, 2);
        options.put(TypedDriverOption.CONNECTION_MAX_REQUESTS, 2048);
        options.put(TypedDriverOption.CONNECTION_CONNECT_TIMEOUT, Duration.ofSeconds(5));
        options.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, settings.requestTimeout());
        options.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, settings.requestTimeout());
        options.put(TypedDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(10));
        options.put(TypedDriverOption.HEARTBEAT_TIMEOUT, settings.requestTimeout());
        options.put(TypedDriverOption.SOCKET_TCP_NODELAY, true);
        // Routing needs to know our own keyspace; those of others in the same cluster are no business of ours.
        options.put(TypedDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES, List.of(settings.keyspace()));
        // Who makes a table waits until it is known here. The default waits a second for more to come, a dozen times at
        // a first start.
        options.put(TypedDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(20));
        options.put(TypedDriverOption.NETTY_IO_SIZE, ioThreads());
        options.put(TypedDriverOption.NETTY_ADMIN_SIZE, 1);
        options.put(TypedDriverOption.NETTY_DAEMON, true);
        // A session is closed when nobody uses it any more; two seconds of silence more would only make stops longer.
        options.put(TypedDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0);
        options.put(TypedDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
        // A row of the journal is the same row however often it is sent; a compare-and-set is not.
        options.put(COMPARE_AND_SET, TypedDriverOption.RETRY_POLICY_CLASS, NeverRetry.class.getName());
        options.put(SCHEMA, TypedDriverOption.RETRY_POLICY_CLASS, NeverRetry.class.getName());
        options.put(SCHEMA, TypedDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60));
        return options;
    }

    private static int ioThreads() {
        return Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));
    }
}
