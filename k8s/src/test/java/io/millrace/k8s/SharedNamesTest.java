package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.k8s.Overlay.Workload;
import io.millrace.node.http.OperationsServer;
import io.millrace.node.settings.ClusterSettings;
import io.millrace.node.settings.Environment;
import io.millrace.node.settings.NodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What manifests and code both know: the settings, as the node itself reads them, are the one place where it stands. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class SharedNamesTest {
    @TempDir
    Path directory;

    static Stream<Overlay> overlays() {
        return Stream.of(Overlay.dev(), Overlay.production());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theNodeTakesItsFilesAndListensWhereThePodSays(Overlay overlay) throws IOException {
        NodeSettings settings = settings(overlay);
        ClusterSettings.Bootstrap bootstrap = settings.cluster().bootstrap().orElseThrow();

        assertThat(node(overlay).ports())
                .isEqualTo(Map.of(
                        "http",
                        settings.http().port(),
                        "remoting",
                        settings.cluster().port(),
                        settings.pekko()
                                .getString("pekko.management.cluster.bootstrap.contact-point-discovery.port-name"),
                        bootstrap.port(),
                        "operations",
                        settings.operations().orElseThrow().port()));
        assertThat(bootstrap.method()).isEqualTo("kubernetes-api");
        assertThat(settings.cassandra().createSchema()).isFalse();
        assertThat(settings.cluster().exitJvm()).isTrue();
    }

    @Test
    void productionKeepsThreeCopiesAndFormsWithAMajority() throws IOException {
        NodeSettings settings = settings(Overlay.production());

        assertThat(settings.cassandra().replication())
                .isEqualTo(Map.of(
                        "class", "NetworkTopologyStrategy", settings.cassandra().datacenter(), "3"));
        assertThat(settings.cluster().bootstrap().orElseThrow().requiredNodes()).isEqualTo(2);
    }

    @Test
    void productionSpeaksNothingInPlainText() throws IOException {
        NodeSettings settings = settings(Overlay.production());

        assertThat(settings.http().tls()).isPresent();
        assertThat(settings.cluster().tls().orElseThrow().authorities()).isNotNull();
        assertThat(settings.cassandra().tls().orElseThrow().authorities()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void probesAskWhatTheNodeAnswers(Overlay overlay) {
        JsonNode container = node(overlay).container();
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo(OperationsServer.LIVE);
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo(OperationsServer.LIVE);
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo(OperationsServer.READY);
        assertThat(List.of("startupProbe", "livenessProbe", "readinessProbe"))
                .allSatisfy(probe -> assertThat(
                                container.at("/" + probe + "/httpGet/port").asText())
                        .isEqualTo("operations"));
        assertThat(container.at("/readinessProbe/timeoutSeconds").asInt())
                .as("it answers within 2 s")
                .isGreaterThan(2);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void environmentVariablesAreThoseThatTheNodeReads(Overlay overlay) {
        overlay.workloads()
                .filter(workload -> workload.container().path("image").asText().contains("/node:"))
                .forEach(workload -> assertThat(
                                Overlay.stream(workload.container().path("env")))
                        .extracting(variable -> variable.path("name").asText())
                        .isSubsetOf(Environment.VARIABLES.keySet()));
    }

    @Test
    void theLoadHasItsKeyWhereTheClientLooksForIt() throws IOException {
        JsonNode load = Overlay.load().workloads().findFirst().orElseThrow().container();

        assertThat(Overlay.stream(load.path("env")))
                .singleElement()
                .satisfies(variable -> assertThat(Files.readString(
                                Path.of("../client/java/src/main/java/io/millrace/client/MillraceBuilder.java")))
                        .contains("\"" + variable.path("name").asText() + "\""));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theBootstrapAsksForTheLabelsOfTheNodes(Overlay overlay) throws IOException {
        NodeSettings settings = settings(overlay);
        String selector = settings.pekko()
                .getString("pekko.discovery.kubernetes-api.pod-label-selector")
                .formatted(settings.pekko()
                        .getString("pekko.management.cluster.bootstrap.contact-point-discovery.service-name"));

        assertThat(overlay.workloads()
                        .filter(workload -> Stream.of(selector.split(","))
                                .map(pair -> pair.split("="))
                                .allMatch(pair ->
                                        workload.labels().path(pair[0]).asText().equals(pair[1]))))
                .hasToString("[Deployment millrace-node]");
    }

    /** Every phase of the shutdown may take its whole time, and the pod still ends by itself. */
    @ParameterizedTest
    @MethodSource("overlays")
    void thePodIsGivenTheTimeThatAnOrderlyStopMayTake(Overlay overlay) throws IOException {
        var pekko = settings(overlay).pekko();
        var shutdown = pekko.getConfig("pekko.coordinated-shutdown");
        Duration phases = new TreeSet<>(shutdown.getObject("phases").keySet())
                .stream()
                        .map(phase -> shutdown.hasPath("phases." + phase + ".timeout")
                                ? shutdown.getDuration("phases." + phase + ".timeout")
                                : shutdown.getDuration("default-phase-timeout"))
                        .reduce(Duration.ZERO, Duration::plus);
        JsonNode pod = node(overlay).pod();
        long preStop = pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asLong();

        assertThat(preStop).isPositive();
        assertThat(pod.path("terminationGracePeriodSeconds").asLong())
                .isGreaterThanOrEqualTo(preStop + phases.toSeconds() + 5)
                .isLessThanOrEqualTo(2 * phases.toSeconds());
    }

    /** By the names in the source; that a node really tells them, PodsIT checks. */
    @Test
    void alertsAndDashboardsGoByMetricsThatTheNodeHas() throws IOException {
        Set<String> meters = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("..", "cluster-node", "src", "main", "java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                Pattern.compile("\"(millrace\\.[a-z.]+)\"")
                        .matcher(Files.readString(source))
                        .results()
                        .map(name -> name.group(1).replace('.', '_'))
                        .forEach(meters::add);
            }
        }

        assertThat(Metrics.ofAlerts(Overlay.complete())).isNotEmpty();
        assertThat(Metrics.ofDashboards(Overlay.complete())).isNotEmpty();
        assertThat(Stream.concat(
                        Metrics.ofAlerts(Overlay.complete()).stream(),
                        Metrics.ofDashboards(Overlay.complete()).stream()))
                .filteredOn(metric -> metric.startsWith("millrace_"))
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(meters)
                        .as(metric)
                        .anyMatch(meter ->
                                metric.matches(meter + "(_(bytes|events|seconds))?(_(total|sum|count|max|bucket))?")));
    }

    private static Workload node(Overlay overlay) {
        return new Workload("node", overlay.named("Deployment", "millrace-node"));
    }

    /** With files where the pod's volumes are: what the settings name there must be one that the secret has. */
    private NodeSettings settings(Overlay overlay) throws IOException {
        Workload node = node(overlay);
        Map<String, String> places = new TreeMap<>();
        for (JsonNode mount :
                Overlay.stream(node.container().path("volumeMounts")).toList()) {
            if (Overlay.stream(node.pod().path("volumes"))
                    .anyMatch(volume ->
                            volume.has("secret") && volume.path("name").equals(mount.path("name")))) {
                Path secret = Files.createDirectories(
                        directory.resolve(mount.path("name").asText()));
                for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
                    Files.writeString(secret.resolve(file), "");
                }
                places.put(mount.path("mountPath").asText() + "/", secret + "/");
            }
        }
        for (var file : overlay.files("millrace-node").entrySet()) {
            String text = file.getValue();
            for (var place : places.entrySet()) {
                text = text.replace(place.getKey(), place.getValue());
            }
            Files.writeString(directory.resolve(file.getKey()), text);
        }
        return NodeSettings.load(directory.resolve("node.conf"), Map.of("MILLRACE_CLUSTER_HOST", "10.0.0.1"));
    }
}
