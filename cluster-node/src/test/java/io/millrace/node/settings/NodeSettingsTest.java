package io.millrace.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeSettingsTest {
    @Test
    void theDefaultsAreSound() {
        NodeSettings settings = NodeSettings.read(Map.of());

        assertThat(settings.cluster())
                .isEqualTo(
                        new ClusterSettings("127.0.0.1", 0, List.of(), false, Duration.ofHours(1), Optional.empty()));
        assertThat(settings.http()).isEqualTo(HttpSettings.at("127.0.0.1", 8080));
        assertThat(settings.cassandra().keyspace()).isEqualTo("millrace");
        assertThat(settings.cassandra().replication()).isEqualTo(CassandraSettings.ONE_COPY);
        assertThat(settings.cassandra().requestTimeout()).isEqualTo(CassandraSettings.DEFAULT_REQUEST_TIMEOUT);
        assertThat(settings.cassandra().login()).isEmpty();
        assertThat(settings.queue())
                .isEqualTo(
                        new QueueSettings(32 << 20, 4 << 20, 4 << 20, Duration.ofMinutes(2), Duration.ofSeconds(10)));
        assertThat(settings.bot())
                .isEqualTo(new BotSettings(
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10)));
        assertThat(settings.handler().threads()).isEqualTo(64);
        assertThat(settings.pekko().getString("pekko.cluster.downing-provider-class"))
                .isNotEmpty();
        assertThat(settings.pekko().getString("pekko.persistence.typed.stash-overflow-strategy"))
                .isEqualTo("fail");
    }

    @Test
    void developmentIsTheDefaultsAtItsAddresses() {
        NodeSettings settings = NodeSettings.forDevelopment(
                InetSocketAddress.createUnresolved("127.0.0.1", 9999),
                "dc",
                InetSocketAddress.createUnresolved("127.0.0.1", 0));

        assertThat(settings.cassandra().contactPoints()).singleElement().hasToString("/127.0.0.1:9999");
        assertThat(settings.cassandra().datacenter()).isEqualTo("dc");
        assertThat(settings.http()).isEqualTo(HttpSettings.at("127.0.0.1", 0));
    }

    @Test
    void aLoginIsTakenButNotShown() {
        NodeSettings settings =
                NodeSettings.read(Map.of("millrace.cassandra.user", "me", "millrace.cassandra.password", "secret"));

        assertThat(settings.cassandra().login()).contains(new CassandraSettings.Login("me", "secret"));
        assertThat(settings.cassandra().toString()).doesNotContain("secret");
    }

    @Test
    void whatWebhooksMayReachIsAListAlsoAsProperties() {
        assertThat(NodeSettings.read(Map.of()).webhook().allow()).isEqualTo(WebhookSettings.Allow.NOTHING);

        WebhookSettings.Allow allow = NodeSettings.read(
                        Map.of("millrace.webhook.allow.0", "Hooks.internal", "millrace.webhook.allow.1", "10.0.0.0/8"))
                .webhook()
                .allow();

        assertThat(allow.hosts()).containsExactly("hooks.internal");
        assertThat(allow.ranges()).singleElement().matches(range -> range.contains(new byte[] {10, 1, 2, 3}));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("webhook.allow", List.of("10.0.0.0/33")),
                Arguments.of("webhook.calls", 0),
                Arguments.of("webhook.connect-timeout", "0 s"),
                Arguments.of("webhook.answer-bytes", "1 GiB"),
                Arguments.of("cluster.host", ""),
                Arguments.of("cluster.port", -1),
                Arguments.of("cluster.port", 65_536),
                Arguments.of("cluster.port", "abc"),
                Arguments.of("cluster.seed-nodes", List.of("host")),
                Arguments.of("cluster.seed-nodes", List.of("host:70000")),
                Arguments.of("cluster.seed-nodes", "host:1"),
                Arguments.of("cluster.exit-jvm", "perhaps"),
                Arguments.of("cluster.sweep-every", "0 s"),
                Arguments.of("http.host", " "),
                Arguments.of("http.port", 65_536),
                Arguments.of("http.port", "abc"),
                Arguments.of("http.append-bytes", "1 MiB"),
                Arguments.of("http.append-bytes", "much"),
                Arguments.of("http.reads", 0),
                Arguments.of("http.read-wait", "61 s"),
                Arguments.of("http.read-wait", "-1 s"),
                Arguments.of("http.body-timeout", "0 s"),
                Arguments.of("http.keep-alive", "0 s"),
                Arguments.of("http.append-patience", "0 s"),
                Arguments.of("http.connections", 0),
                Arguments.of("http.head-timeout", "0 s"),
                Arguments.of("http.idle-timeout", "0 s"),
                Arguments.of("http.stall-timeout", "0 s"),
                Arguments.of("http.least-rate", 0),
                Arguments.of("http.limits.requests-per-second", -1),
                Arguments.of("http.limits.bytes-per-second", -1),
                Arguments.of("http.limits.burst", "0 s"),
                Arguments.of("http.limits.queues", -1),
                Arguments.of("http.limits.bots", -1),
                Arguments.of("http.tls.key", "/there/is/no/such/file"),
                Arguments.of("cluster.tls.enabled", "perhaps"),
                Arguments.of("cassandra.contact-points", List.of()),
                Arguments.of("cassandra.contact-points", List.of("localhost")),
                Arguments.of("cassandra.contact-points", List.of("localhost:abc")),
                Arguments.of("cassandra.contact-points", List.of("localhost:70000")),
                Arguments.of("cassandra.contact-points", "localhost:9042"),
                Arguments.of("cassandra.datacenter", ""),
                Arguments.of("cassandra.keyspace", "Millrace"),
                Arguments.of("cassandra.keyspace", "a".repeat(49)),
                Arguments.of("cassandra.request-timeout", "0 s"),
                Arguments.of("cassandra.request-timeout", "soon"),
                Arguments.of("operations.port", 65_536),
                Arguments.of("queue.max-waiting-bytes", "1 KiB"),
                Arguments.of("queue.max-waiting-bytes", "2 GiB"),
                Arguments.of("queue.commit-bytes", "1 KiB"),
                Arguments.of("queue.commit-bytes", "4097 MiB"),
                Arguments.of("queue.window-bytes", "1 GiB"),
                Arguments.of("queue.window-bytes", "4097 MiB"),
                Arguments.of("queue.passivate-after", "0 s"),
                Arguments.of("queue.ask-timeout", "-1 s"),
                Arguments.of("bot.passivate-after", "0 s"),
                Arguments.of("bot.heartbeat-every", "0 s"),
                Arguments.of("bot.lost-after", "9 s"),
                Arguments.of("bot.linger", "0 s"),
                Arguments.of("bot.ask-timeout", "0 s"),
                Arguments.of("handler.threads", 0),
                Arguments.of("handler.threads", 10_001),
                Arguments.of("handler.jars", "/there/is/no/such/directory"),
                Arguments.of("handler.files", "/there/is/no/such/directory"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatCannotBeIsRefusedWithItsKey(String key, Object value) {
        assertThatThrownBy(() -> NodeSettings.read(Map.of("millrace." + key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }
}
