package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.k8s.Overlay.Workload;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who gets through the network policies to whom, port by port: everybody who must, and nobody else. */
class FlowsTest {
    private static final Set<Integer> KUBERNETES = Set.of(443, 6443);
    private static final int CQL = 9042;
    private static final int DNS = 53;

    static Stream<Overlay> overlays() {
        return Stream.of(Overlay.dev(), Overlay.production(), Overlay.complete());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void nodesReachEachOtherWhereTheyTalkAndNowhereElse(Overlay overlay) {
        Workload node = node(overlay);
        for (String port : node.ports().keySet()) {
            assertThat(passes(overlay, node, node, port))
                    .as(port)
                    .isEqualTo(Set.of("remoting", "management").contains(port));
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void clientsReachOnlyTheBus(Overlay overlay) {
        Workload node = node(overlay);
        for (String port : node.ports().keySet()) {
            assertThat(lets(overlay, node, port, from -> isSelected(from, "millrace.io/client", "true")))
                    .as(port)
                    .isEqualTo(port.equals("http"));
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void nodesAndSchemaReachCassandraAndNamesAndNobodyElseReachesCassandra(Overlay overlay) {
        overlay.workloads()
                .filter(workload -> !component(workload).equals("cassandra"))
                .forEach(workload -> {
                    assertThat(mayGoTo(overlay, workload, CQL))
                            .as(workload.name())
                            .isTrue();
                    assertThat(mayGoTo(overlay, workload, DNS))
                            .as(workload.name())
                            .isTrue();
                });
        overlay.workloads()
                .filter(workload -> component(workload).equals("cassandra"))
                .forEach(cassandra -> {
                    assertThat(passes(overlay, node(overlay), cassandra, "cql")).isTrue();
                    assertThat(passes(overlay, schema(overlay), cassandra, "cql"))
                            .isTrue();
                    assertThat(lets(overlay, cassandra, "cql", from -> isSelected(from, "millrace.io/client", "true")))
                            .isFalse();
                    assertThat(lets(overlay, cassandra, "cql", from -> matches(from.path("podSelector"), load())))
                            .isFalse();
                });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void onlyNodesAskKubernetes(Overlay overlay) {
        assertThat(KUBERNETES).allMatch(port -> mayGoTo(overlay, node(overlay), port));
        assertThat(KUBERNETES).noneMatch(port -> mayGoTo(overlay, schema(overlay), port));
    }

    @Test
    void metricsAreForTheNamespaceThatScrapesAndThereOnlyWithTheComponent() {
        Predicate<JsonNode> monitoring = from -> from.at("/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                .asText()
                .equals("monitoring");
        Workload node = node(Overlay.production());

        assertThat(node.ports().keySet().stream().filter(port -> lets(Overlay.complete(), node, port, monitoring)))
                .containsExactly("operations");
        assertThat(lets(Overlay.production(), node, "operations", monitoring)).isFalse();
    }

    @Test
    void theLoadReachesTheBusOfItsNamespace() {
        Workload load = load();
        Workload node = node(Overlay.dev());

        assertThat(load.labels().path("millrace.io/client").asText()).isEqualTo("true");
        assertThat(lets(Overlay.dev(), node, "http", from -> isSelected(from, "millrace.io/client", "true")))
                .isTrue();
        assertThat(rules(Overlay.load(), load, "egress", "to", to -> matches(to.path("podSelector"), node))
                        .anyMatch(rule -> names(rule, node, "http")))
                .isTrue();
        assertThat(mayGoTo(Overlay.dev(), load, DNS)).isTrue();
        assertThat(mayGoTo(Overlay.dev(), load, CQL)).isFalse();
    }

    private static Workload node(Overlay overlay) {
        return workload(overlay, "node");
    }

    private static Workload load() {
        return workload(Overlay.load(), "load");
    }

    private static Workload schema(Overlay overlay) {
        return workload(overlay, "schema");
    }

    private static Workload workload(Overlay overlay, String component) {
        return overlay.workloads()
                .filter(one -> component(one).equals(component))
                .findFirst()
                .orElseThrow();
    }

    private static String component(Workload workload) {
        return workload.labels().path("app.kubernetes.io/component").asText();
    }

    /** Both ends must allow it. */
    private static boolean passes(Overlay overlay, Workload from, Workload to, String port) {
        return rules(overlay, from, "egress", "to", peer -> matches(peer.path("podSelector"), to))
                        .anyMatch(rule -> names(rule, to, port))
                && lets(overlay, to, port, peer -> peer.has("podSelector") && matches(peer.path("podSelector"), from));
    }

    /** Whether a workload takes connections at a port from such a peer. */
    private static boolean lets(Overlay overlay, Workload to, String port, Predicate<JsonNode> peer) {
        return rules(overlay, to, "ingress", "from", peer).anyMatch(rule -> names(rule, to, port));
    }

    /** Whether a workload may open connections to that port of somebody. */
    private static boolean mayGoTo(Overlay overlay, Workload from, int port) {
        List<Workload> all = overlay.workloads().toList();
        return rules(overlay, from, "egress", "to", peer -> true)
                .flatMap(rule -> Overlay.stream(rule.path("ports")))
                .map(one -> one.path("port"))
                .anyMatch(one -> one.isInt()
                        ? one.asInt() == port
                        : all.stream()
                                .anyMatch(to ->
                                        Integer.valueOf(port).equals(to.ports().get(one.asText()))));
    }

    /** The rules of all policies over a workload that have such a peer, or name none and so mean everybody. */
    private static Stream<JsonNode> rules(
            Overlay overlay, Workload subject, String direction, String peers, Predicate<JsonNode> peer) {
        return overlay.ofKind("NetworkPolicy")
                .map(policy -> policy.path("spec"))
                .filter(spec -> matches(spec.path("podSelector"), subject))
                .flatMap(spec -> Overlay.stream(spec.path(direction)))
                .filter(rule -> rule.path(peers).isEmpty()
                        || Overlay.stream(rule.path(peers)).anyMatch(peer));
    }

    private static boolean names(JsonNode rule, Workload of, String port) {
        return Overlay.stream(rule.path("ports"))
                .map(one -> one.path("port"))
                .anyMatch(one -> one.asText().equals(port)
                        || one.asText().equals(String.valueOf(of.ports().get(port))));
    }

    private static boolean isSelected(JsonNode peer, String label, String value) {
        return Stream.of("podSelector", "namespaceSelector")
                .anyMatch(kind -> value.equals(
                        peer.path(kind).path("matchLabels").path(label).asText()));
    }

    private static boolean matches(JsonNode selector, Workload workload) {
        return !selector.isMissingNode() && Selectors.match(selector, workload.labels());
    }
}
