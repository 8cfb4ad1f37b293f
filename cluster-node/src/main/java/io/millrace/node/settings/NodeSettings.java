package io.millrace.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All settings of a node, read once; {@code millrace.conf} on the class path holds the defaults and says what each means.
 *
 * @param handlerThreads java handlers that may run at a time on this node
 * @param pekko what Pekko has to know
 */
public record NodeSettings(
        ClusterSettings cluster,
        HttpSettings http,
        CassandraSettings cassandra,
        QueueSettings queue,
        BotSettings bot,
        int handlerThreads,
        Config pekko) {

    /** @throws IllegalArgumentException naming the key */
    public NodeSettings {
        Require.between("millrace.handler.threads", handlerThreads, 1, 10_000);
    }

    /**
     * The settings of {@code millrace dev}: the defaults, all on loopback.
     *
     * @param contactPoint where Cassandra speaks CQL
     * @param http where to listen
     */
    public static NodeSettings forDevelopment(
            InetSocketAddress contactPoint, String datacenter, InetSocketAddress http) {
        return read(Map.of(
                "millrace.cassandra.contact-points",
                List.of(contactPoint.getHostString() + ":" + contactPoint.getPort()),
                "millrace.cassandra.datacenter",
                datacenter,
                "millrace.http.host",
                http.getHostString(),
                "millrace.http.port",
                http.getPort()));
    }

    /**
     * The defaults with some values changed.
     *
     * @param changes by full key
     * @throws IllegalArgumentException naming the key at fault
     */
    public static NodeSettings read(Map<String, Object> changes) {
        try {
            return readAll(changes);
        } catch (ConfigException e) {
            // Its message names the key and what is wrong with it, and where it came from.
            throw new IllegalArgumentException("settings: " + e.getMessage(), e);
        }
    }

    private static NodeSettings readAll(Map<String, Object> changes) {
        Config config = ConfigFactory.parseMap(changes, "arguments")
                .withFallback(ConfigFactory.systemProperties())
                .withFallback(ConfigFactory.parseResources("millrace.conf"))
                .withFallback(ConfigFactory.parseResources("millrace-journal.conf"))
                .withFallback(ConfigFactory.parseResources("millrace-http.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        Config millrace = config.getConfig("millrace");
        ClusterSettings cluster = new ClusterSettings(
                millrace.getString("cluster.host"),
                millrace.getInt("cluster.port"),
                millrace.getDuration("cluster.sweep-every"));
        return new NodeSettings(
                cluster,
                http(millrace.getConfig("http")),
                cassandra(millrace.getConfig("cassandra")),
                new QueueSettings(
                        millrace.getBytes("queue.max-waiting-bytes"),
                        size(millrace, "queue.commit-bytes"),
                        size(millrace, "queue.window-bytes"),
                        millrace.getDuration("queue.passivate-after"),
                        millrace.getDuration("queue.ask-timeout")),
                new BotSettings(
                        millrace.getDuration("bot.passivate-after"),
                        millrace.getDuration("bot.heartbeat-every"),
                        millrace.getDuration("bot.lost-after"),
                        millrace.getDuration("bot.linger"),
                        millrace.getDuration("bot.ask-timeout")),
                millrace.getInt("handler.threads"),
                config);
    }

    private static int size(Config millrace, String key) {
        long bytes = millrace.getBytes(key);
        Require.between("millrace." + key, bytes, 0, Integer.MAX_VALUE);
        return (int) bytes;
    }

    private static HttpSettings http(Config http) {
        return new HttpSettings(
                http.getString("host"),
                http.getInt("port"),
                http.getBytes("append-bytes"),
                http.getInt("reads"),
                http.getDuration("read-wait"),
                http.getDuration("body-timeout"),
                http.getDuration("keep-alive"));
    }

    private static CassandraSettings cassandra(Config cassandra) {
        Map<String, String> replication = cassandra.getConfig("replication").entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().unwrapped().toString()));
        return new CassandraSettings(
                cassandra.getStringList("contact-points").stream()
                        .map(NodeSettings::address)
                        .toList(),
                cassandra.getString("datacenter"),
                cassandra.getString("keyspace"),
                replication,
                cassandra.getDuration("request-timeout"),
                cassandra.getString("user").isEmpty()
                        ? Optional.empty()
                        : Optional.of(new CassandraSettings.Login(
                                cassandra.getString("user"), cassandra.getString("password"))));
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("millrace.cassandra.contact-points must be host:port, not " + text);
        }
        try {
            return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("millrace.cassandra.contact-points must be host:port, not " + text, e);
        }
    }
}
