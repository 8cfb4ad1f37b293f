package io.millrace.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a node, read once; {@code millrace.conf} on the class path holds the defaults and says what each means.
 *
 * @param names how many queues, and how many bots, the metrics tell of by name
 * @param pekko what Pekko has to know
 */
public record NodeSettings(
        ClusterSettings cluster,
        HttpSettings http,
        CassandraSettings cassandra,
        QueueSettings queue,
        BotSettings bot,
        HandlerSettings handler,
        Optional<OperationsSettings> operations,
        WebhookSettings webhook,
        int names,
        SecuritySettings security,
        Config pekko) {

    /** @throws IllegalArgumentException naming the key */
    public NodeSettings {
        Require.between("millrace.operations.names", names, 0, 100_000);
    }

    /** Before the address of a node's API among its roles in the cluster, which every member knows of every other. */
    public static final String HTTP_ROLE = "http=";

    /** The same before the address of an API over TLS. */
    public static final String HTTPS_ROLE = "https=";

    /** Where {@link #load} differs from the defaults, which are those of a node within another process. */
    private static final Map<String, Object> PRODUCTION =
            Map.of("millrace.cluster.exit-jvm", true, "millrace.cluster.port", 7355, "millrace.security.mode", "");

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
            return of(ConfigFactory.parseMap(changes, "arguments").withFallback(ConfigFactory.systemProperties()));
        } catch (ConfigException e) {
            // Its message names the key and what is wrong with it, and where it came from.
            throw new IllegalArgumentException("settings: " + e.getMessage(), e);
        }
    }

    /**
     * The settings of a node in production: environment variables ({@link Environment}) over system properties, over the
     * file, over {@link #PRODUCTION}, over the defaults.
     *
     * @throws IllegalArgumentException in one line that names the key at fault, or the place in the file
     */
    public static NodeSettings load(Path file) {
        return load(file, System.getenv());
    }

    /** As the shorter form, with an environment of the caller's. */
    public static NodeSettings load(Path file, Map<String, String> environment) {
        try {
            Config given = ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            NodeSettings settings = of(ConfigFactory.parseMap(Environment.settings(environment), "environment")
                    .withFallback(ConfigFactory.systemProperties())
                    .withFallback(given)
                    .withFallback(ConfigFactory.parseMap(PRODUCTION)));
            KnownKeys.check(given.resolveWith(settings.pekko()), ownDefaults());
            Exposure.check(settings, settings.pekko());
            return settings;
        } catch (ConfigException e) {
            throw new IllegalArgumentException("settings: " + e.getMessage(), e);
        }
    }

    /**
     * Where Cassandra is and how it is spoken to, as {@link #load(Path)} reads it, for a program that isn't a node: whatever else
     * is in the file, or missing there.
     *
     * @throws IllegalArgumentException in one line that names the key at fault, or the place in the file
     */
    public static CassandraSettings loadCassandra(Path file, Map<String, String> environment) {
        try {
            Config given = ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            Config config = ConfigFactory.parseMap(Environment.settings(environment), "environment")
                    .withFallback(ConfigFactory.systemProperties())
                    .withFallback(given)
                    .withFallback(ownDefaults())
                    .withFallback(ConfigFactory.defaultReference())
                    .resolve();
            KnownKeys.check(given.resolveWith(config), ownDefaults());
            return cassandra(config);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("settings: " + e.getMessage(), e);
        }
    }

    private static Config ownDefaults() {
        return ConfigFactory.parseResources("millrace.conf")
                .withFallback(ConfigFactory.parseResources("millrace-journal.conf"))
                .withFallback(ConfigFactory.parseResources("millrace-http.conf"));
    }

    /** @param changes before the defaults */
    private static NodeSettings of(Config changes) {
        Config config = changes.withFallback(ownDefaults())
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        ClusterSettings cluster = new ClusterSettings(
                config.getString("millrace.cluster.host"),
                config.getInt("millrace.cluster.port"),
                config.getStringList("millrace.cluster.seed-nodes"),
                config.getBoolean("millrace.cluster.exit-jvm"),
                config.getDuration("millrace.cluster.sweep-every"),
                bootstrap(config),
                clusterTls(config));
        HttpSettings http = http(config);
        SecuritySettings security = security(config);
        security.requireReachable("millrace.http.host", http.host());
        security.requireReachable("millrace.cluster.host", cluster.host());
        return new NodeSettings(
                cluster,
                http,
                cassandra(config),
                new QueueSettings(
                        config.getBytes("millrace.queue.max-waiting-bytes"),
                        size(config, "millrace.queue.commit-bytes"),
                        size(config, "millrace.queue.window-bytes"),
                        config.getDuration("millrace.queue.passivate-after"),
                        config.getDuration("millrace.queue.ask-timeout"),
                        config.getDuration("millrace.queue.retention-every")),
                new BotSettings(
                        config.getDuration("millrace.bot.passivate-after"),
                        config.getDuration("millrace.bot.heartbeat-every"),
                        config.getDuration("millrace.bot.lost-after"),
                        config.getDuration("millrace.bot.linger"),
                        config.getDuration("millrace.bot.ask-timeout")),
                new HandlerSettings(
                        config.getInt("millrace.handler.threads"),
                        path(config, "millrace.handler.jars"),
                        path(config, "millrace.handler.files")),
                operations(config),
                new WebhookSettings(
                        WebhookSettings.Allow.parse(config.getStringList("millrace.webhook.allow")),
                        config.getInt("millrace.webhook.calls"),
                        config.getInt("millrace.webhook.waiting"),
                        config.getDuration("millrace.webhook.connect-timeout"),
                        config.getDuration("millrace.webhook.body-timeout"),
                        size(config, "millrace.webhook.answer-bytes")),
                config.getInt("millrace.operations.names"),
                security,
                pekko(config, cluster, http));
    }

    /** What Pekko is told that follows from our own settings. */
    private static Config pekko(Config config, ClusterSettings cluster, HttpSettings http) {
        List<String> roles = new ArrayList<>(config.getStringList("pekko.cluster.roles"));
        String role = http.tls().isPresent() ? HTTPS_ROLE : HTTP_ROLE;
        http.advertised(cluster.host()).ifPresent(address -> roles.add(role + address));
        String timeout = cluster.isFirstSeed() ? "millrace.cluster.first-seed-timeout" : "millrace.cluster.join-retry";
        // Pekko passes its configuration around and shows it when it is asked to.
        Config result = Remoting.secure(config.withoutPath("millrace.cassandra.password"), cluster.tls())
                .withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(roles))
                .withValue("pekko.cluster.seed-node-timeout", config.getValue(timeout));
        // A cluster that was found may be gone before it was joined; a new start looks for it again.
        return cluster.bootstrap().isEmpty()
                ? result
                : result.withValue(
                        "pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes",
                        config.getValue("millrace.cluster.bootstrap.join-limit"));
    }

    private static Optional<ClusterSettings.Bootstrap> bootstrap(Config config) {
        String method = config.getString("millrace.cluster.bootstrap.method");
        return method.isEmpty()
                ? Optional.empty()
                : Optional.of(new ClusterSettings.Bootstrap(
                        method,
                        config.getInt("millrace.cluster.bootstrap.port"),
                        config.getInt("millrace.cluster.bootstrap.required-nodes")));
    }

    private static Optional<OperationsSettings> operations(Config config) {
        int port = config.getInt("millrace.operations.port");
        return port == 0
                ? Optional.empty()
                : Optional.of(new OperationsSettings(config.getString("millrace.operations.host"), port));
    }

    private static SecuritySettings security(Config config) {
        Path jwks = path(config, "millrace.security.jwt.jwks-file");
        return SecuritySettings.of(
                config.getString("millrace.security.mode"),
                jwks == null
                        ? Optional.empty()
                        : Optional.of(new SecuritySettings.Tokens(
                                jwks,
                                config.getString("millrace.security.jwt.issuer"),
                                config.getString("millrace.security.jwt.audience"),
                                config.getStringList("millrace.security.jwt.algorithms"))));
    }

    private static @Nullable Path path(Config config, String key) {
        String path = config.getString(key);
        if (path.isEmpty()) {
            return null;
        }
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + " is not a path: " + path, e);
        }
    }

    private static int size(Config config, String key) {
        long bytes = config.getBytes(key);
        Require.between(key, bytes, 0, Integer.MAX_VALUE);
        return (int) bytes;
    }

    private static HttpSettings http(Config config) {
        return new HttpSettings(
                config.getString("millrace.http.host"),
                config.getInt("millrace.http.port"),
                config.getBytes("millrace.http.append-bytes"),
                config.getInt("millrace.http.reads"),
                config.getDuration("millrace.http.read-wait"),
                config.getDuration("millrace.http.body-timeout"),
                config.getDuration("millrace.http.keep-alive"),
                config.getDuration("millrace.http.append-patience"),
                new HttpSettings.Connections(
                        config.getInt("millrace.http.connections"),
                        config.getDuration("millrace.http.head-timeout"),
                        config.getDuration("millrace.http.idle-timeout"),
                        config.getDuration("millrace.http.stall-timeout"),
                        config.getBytes("millrace.http.least-rate")),
                new HttpSettings.Limits(
                        config.getLong("millrace.http.limits.requests-per-second"),
                        config.getBytes("millrace.http.limits.bytes-per-second"),
                        config.getDuration("millrace.http.limits.burst"),
                        config.getInt("millrace.http.limits.reads"),
                        config.getInt("millrace.http.limits.queues"),
                        config.getInt("millrace.http.limits.bots")),
                httpTls(config));
    }

    private static Optional<HttpSettings.Tls> httpTls(Config config) {
        TlsFiles files = tls(config, "millrace.http.tls", false);
        return files.certificate() == null
                ? Optional.empty()
                : Optional.of(new HttpSettings.Tls(files, config.getStringList("millrace.http.tls.protocols")));
    }

    /** On where a certificate is named, unless it is said to be off. */
    private static Optional<TlsFiles> clusterTls(Config config) {
        String section = "millrace.cluster.tls";
        TlsFiles files = tls(config, section, true);
        boolean named = files.certificate() != null;
        if (!(Exposure.isUndecided(config) ? named : config.getBoolean(section + ".enabled"))) {
            return Optional.empty();
        }
        if (!named || files.authorities() == null) {
            throw new IllegalArgumentException(section + " needs certificate, key and authorities");
        }
        return Optional.of(files);
    }

    private static TlsFiles tls(Config config, String section, boolean authorities) {
        return TlsFiles.of(
                section,
                path(config, section + ".certificate"),
                path(config, section + ".key"),
                authorities ? path(config, section + ".authorities") : null);
    }

    private static CassandraSettings cassandra(Config config) {
        Map<String, String> replication = config.getConfig("millrace.cassandra.replication").entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().unwrapped().toString()));
        return new CassandraSettings(
                config.getStringList("millrace.cassandra.contact-points").stream()
                        .map(text -> HostAndPort.parse("millrace.cassandra.contact-points", text))
                        .toList(),
                config.getString("millrace.cassandra.datacenter"),
                config.getString("millrace.cassandra.keyspace"),
                replication.isEmpty() ? CassandraSettings.ONE_COPY : replication,
                config.getBoolean("millrace.cassandra.create-schema"),
                config.getDuration("millrace.cassandra.request-timeout"),
                login(config),
                config.getBoolean("millrace.cassandra.tls.enabled")
                        ? Optional.of(tls(config, "millrace.cassandra.tls", true))
                        : Optional.empty());
    }

    private static Optional<CassandraSettings.Login> login(Config config) {
        String user = config.getString("millrace.cassandra.user");
        if (user.isEmpty()) {
            return Optional.empty();
        }
        Path file = path(config, "millrace.cassandra.password-file");
        String password = config.getString("millrace.cassandra.password");
        if (file != null && !password.isEmpty()) {
            throw new IllegalArgumentException(
                    "millrace.cassandra.password and millrace.cassandra.password-file: only one of them can be");
        }
        return Optional.of(new CassandraSettings.Login(
                user, file == null ? password : Require.secret("millrace.cassandra.password-file", file)));
    }

    /** Without what Pekko has to know, which is long and everybody's. */
    @Override
    public String toString() {
        return "NodeSettings[" + cluster + ", " + http + ", " + cassandra + ", " + queue + ", " + bot + ", " + handler
                + ", " + operations + ", " + webhook + ", " + security + "]";
    }
}
