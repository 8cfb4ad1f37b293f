package io.millrace.node.settings;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the bus keeps its data.
 *
 * @param contactPoints addresses that are tried first; the others of the cluster are found through them
 * @param datacenter the datacenter of every request. All nodes of one bus must name the same one: the fence of the
 *     journal is as wide as a datacenter (LOCAL_SERIAL)
 * @param keyspace lower case letters, digits and {@code _}, at most 48
 * @param replication options of the keyspace when it has to be made, as {@code class} and its factors
 * @param createSchema whether a node makes keyspace and tables that are missing; else it waits until they are there
 * @param requestTimeout of one request to Cassandra, retries included; should exceed the server's own time-outs
 * @param login when the cluster asks for one
 * @param tls empty for plain text; with a certificate of its own if the cluster asks for one. The certificates of Cassandra
 *     must name what the contact points (and the addresses that its nodes tell of each other) say
 */
public record CassandraSettings(
        List<InetSocketAddress> contactPoints,
        String datacenter,
        String keyspace,
        Map<String, String> replication,
        boolean createSchema,
        Duration requestTimeout,
        Optional<Login> login,
        Optional<TlsFiles> tls) {

    /** One copy of everything: for development and tests, never for production. */
    public static final Map<String, String> ONE_COPY = Map.of("class", "SimpleStrategy", "replication_factor", "1");

    /** Longer than the time-outs of the server (2 s), so that the server is the one who says what went wrong. */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    /** Throws {@link IllegalArgumentException} with the key at fault. */
    public CassandraSettings {
        contactPoints = List.copyOf(contactPoints);
        replication = Map.copyOf(replication);
        check(!contactPoints.isEmpty(), "cassandra.contact-points: at least one address is needed");
        check(!datacenter.isBlank(), "cassandra.datacenter: must not be empty");
        check(
                KEYSPACE.matcher(keyspace).matches(),
                "cassandra.keyspace: '" + keyspace + "' must be lower case letters, digits and _, at most 48");
        check(replication.containsKey("class"), "cassandra.replication: needs a 'class'");
        check(
                !requestTimeout.isNegative() && !requestTimeout.isZero(),
                "cassandra.request-timeout: must be more than 0");
    }

    /** As the longer form, with a node that makes its schema, in plain text. */
    public CassandraSettings(
            List<InetSocketAddress> contactPoints,
            String datacenter,
            String keyspace,
            Map<String, String> replication,
            Duration requestTimeout,
            Optional<Login> login) {
        this(contactPoints, datacenter, keyspace, replication, true, requestTimeout, login, Optional.empty());
    }

    /** {@return settings of a cluster with one copy of everything and no login} */
    public static CassandraSettings development(InetSocketAddress contactPoint, String datacenter, String keyspace) {
        return new CassandraSettings(
                List.of(contactPoint), datacenter, keyspace, ONE_COPY, DEFAULT_REQUEST_TIMEOUT, Optional.empty());
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** A user of the database. Its password shows up in no log. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }
}
