package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.settings.CassandraSettings;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the keyspace and its tables where they are missing, and leaves alone what is there; or waits for them. */
public final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final long LOOK_AGAIN_SECONDS = 2;

    private static final Map<String, String> TABLES = new TreeMap<>(Map.of(
            "log_tail",
            "(log text PRIMARY KEY, epoch bigint, tail bigint, floor bigint, bucket bigint)",
            // Bodies are zstd blocks that carry their own CRC: compressing them again costs CPU for nothing.
            "log",
            "(log text, bucket bigint, seq bigint, epoch bigint, size int, manifest text, head blob, body blob,"
                    + " PRIMARY KEY ((log, bucket), seq, epoch)) WITH CLUSTERING ORDER BY (seq ASC, epoch DESC)"
                    + " AND compression = {'enabled': 'false'}"
                    + " AND compaction = {'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'T4'}",
            "snapshot",
            "(log text, seq bigint, saved_at bigint, manifest text, state blob, PRIMARY KEY (log, seq))"
                    + " WITH CLUSTERING ORDER BY (seq DESC)",
            // A member repeats its row before it expires: tombstones are few and soon gone.
            "member",
            "(bus text, node text, PRIMARY KEY (bus, node)) WITH gc_grace_seconds = 60",
            "secret",
            "(name text PRIMARY KEY, value blob)",
            "directory",
            "(kind text, shard int, name text, PRIMARY KEY ((kind, shard), name))",
            "schedule",
            "(shard int, bot text, cron text, time_zone text, PRIMARY KEY (shard, bot))",
            "retention",
            "(shard int, queue text, due bigint, PRIMARY KEY (shard, queue))",
            // Written over and over, and read by ranges: what a row was before is soon merged away.
            "bot_row",
            "(shard int, bot text, row text, PRIMARY KEY (shard, bot))"
                    + " WITH compaction = {'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L4'}",
            "bot_run",
            "(bot text, slot int, run text, PRIMARY KEY (bot, slot))"
                    + " WITH compaction = {'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L4'}"));

    static {
        // One partition: all nodes read all of it, and its version changes with any of its rows.
        TABLES.put(
                "api_key",
                "(bus text, version uuid static, id text, hash blob, name text, grants list<text>, created bigint,"
                        + " created_by text, expires bigint, revoked bigint, PRIMARY KEY (bus, id))");
    }

    private Schema() {}

    /** Blocks, for up to a minute a statement: for the start of a node. Nodes that start together do no harm. */
    public static void create(CqlSession session, CassandraSettings settings) {
        String keyspace = settings.keyspace();
        run(
                session,
                "CREATE KEYSPACE IF NOT EXISTS " + keyspace + " WITH replication = " + literal(settings.replication()));
        new TreeMap<>(TABLES).forEach((table, columns) -> run(session, create(keyspace, table, columns)));
    }

    /**
     * Done when all is there: made, or found where the settings leave making it to others.
     *
     * @param blocking for what blocks
     */
    public static CompletionStage<?> ready(CqlSession session, CassandraSettings settings, Executor blocking) {
        return settings.createSchema()
                ? CompletableFuture.runAsync(() -> create(session, settings), blocking)
                : find(session, settings);
    }

    private static CompletionStage<?> find(CqlSession session, CassandraSettings settings) {
        return tables(session, settings.keyspace()).thenCompose(there -> {
            Set<String> missing = new TreeSet<>(TABLES.keySet());
            missing.removeAll(there);
            if (missing.isEmpty()) {
                return CompletableFuture.completedStage(null);
            }
            LOG.warn(
                    "waiting for \"millrace schema\": the keyspace {} lacks the tables {}",
                    settings.keyspace(),
                    missing);
            return CompletableFuture.supplyAsync(
                            () -> find(session, settings),
                            CompletableFuture.delayedExecutor(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS))
                    .thenCompose(found -> found);
        });
    }

    /** None also when they can't be read: what is away now is asked again. */
    private static CompletionStage<Set<String>> tables(CqlSession session, String keyspace) {
        return session.executeAsync(SimpleStatement.newInstance(
                        "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?", keyspace))
                .handle((rows, failure) -> {
                    Set<String> names = new HashSet<>();
                    if (rows != null) {
                        rows.currentPage().forEach(row -> names.add(row.getString("table_name")));
                    }
                    return names;
                });
    }

    /**
     * Where the copies of the keyspace are kept, if it is there: the options of its replication, the class by its short name.
     * Blocks.
     */
    public static Map<String, String> replication(CqlSession session, String keyspace) {
        Row row = session.execute(SimpleStatement.newInstance(
                        "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?", keyspace))
                .one();
        Map<String, String> found = row == null ? null : row.getMap("replication", String.class, String.class);
        if (found == null) {
            return Map.of();
        }
        Map<String, String> options = new TreeMap<>(found);
        options.computeIfPresent("class", (key, name) -> name.substring(name.lastIndexOf('.') + 1));
        return options;
    }

    // Two nodes that create a table at the same time would give it two ids and lose data written under one of them;
    // an id that follows from the name makes both statements say the same.
    private static String create(String keyspace, String table, String columns) {
        UUID id = UUID.nameUUIDFromBytes((keyspace + "." + table).getBytes(StandardCharsets.UTF_8));
        String with = columns.contains(" WITH ") ? " AND " : " WITH ";
        return "CREATE TABLE IF NOT EXISTS " + keyspace + "." + table + " " + columns + with + "ID = " + id;
    }

    private static void run(CqlSession session, String cql) {
        session.execute(SimpleStatement.builder(cql)
                .setExecutionProfileName(Sessions.SCHEMA)
                .build());
    }

    private static String literal(Map<String, String> replication) {
        return new TreeMap<>(replication)
                .entrySet().stream()
                        .map(one -> quoted(one.getKey()) + ": " + quoted(one.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
