package io.millrace.node.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The environment variables that {@code millrace node} takes: what differs from machine to machine, and the secrets. */
public final class Environment {
    /** By variable, sorted, the key that it sets. Lists are separated by commas. */
    public static final Map<String, String> VARIABLES = new TreeMap<>(Map.of(
            "MILLRACE_HTTP_HOST", "millrace.http.host",
            "MILLRACE_HTTP_PORT", "millrace.http.port",
            "MILLRACE_CLUSTER_HOST", "millrace.cluster.host",
            "MILLRACE_CLUSTER_PORT", "millrace.cluster.port",
            "MILLRACE_CLUSTER_SEED_NODES", "millrace.cluster.seed-nodes",
            "MILLRACE_CASSANDRA_CONTACT_POINTS", "millrace.cassandra.contact-points",
            "MILLRACE_CASSANDRA_DATACENTER", "millrace.cassandra.datacenter",
            "MILLRACE_CASSANDRA_KEYSPACE", "millrace.cassandra.keyspace",
            "MILLRACE_CASSANDRA_USER", "millrace.cassandra.user",
            "MILLRACE_CASSANDRA_PASSWORD", "millrace.cassandra.password"));

    private static final List<String> LISTS =
            List.of("millrace.cluster.seed-nodes", "millrace.cassandra.contact-points");

    private Environment() {}

    /** What it says, by full key. */
    static Map<String, Object> settings(Map<String, String> environment) {
        Map<String, Object> settings = new HashMap<>();
        VARIABLES.forEach((variable, key) -> {
            String value = environment.get(variable);
            if (value != null) {
                settings.put(key, LISTS.contains(key) ? list(value) : value);
            }
        });
        return settings;
    }

    private static List<String> list(String value) {
        return value.isBlank() ? List.of() : List.of(value.strip().split("\\s*,\\s*"));
    }
}
