package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.settings.CassandraSettings;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Makes the keyspace and its tables where they are missing; leaves alone what is there. */
public final class Schema {
    private static final Map<String, String> TABLES = Map.of(
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
                    + " WITH compaction = {'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L4'}");

    private Schema() {}

    /** Blocks, for up to a minute a statement: for the start of a node. Nodes that start together do no harm. */
    public static void create(CqlSession session, CassandraSettings settings) {
        String keyspace = settings.keyspace();
        run(
                session,
                "CREATE KEYSPACE IF NOT EXISTS " + keyspace + " WITH replication = " + literal(settings.replication()));
        new TreeMap<>(TABLES).forEach((table, columns) -> run(session, create(keyspace, table, columns)));
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
