package io.millrace.k8s;

import static io.millrace.k8s.Overlay.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.k8s.Overlay.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that hold for everything that is applied. */
class ManifestsTest {
    static Stream<Overlay> overlays() {
        return Overlay.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void kubernetesKnowsEveryFieldAndMissesNone(Overlay overlay) {
        assertThat(overlay.objects()).isNotEmpty().allSatisfy(KubernetesSchema::check);
    }

    @Test
    void theSchemaIsStrict() {
        ObjectNode misspelt =
                Overlay.production().named("Deployment", "millrace-node").deepCopy();
        ((ObjectNode) misspelt.at("/spec/template/spec/containers/0")).put("readinesProbe", 1);
        ObjectNode incomplete =
                Overlay.production().named("Deployment", "millrace-node").deepCopy();
        ((ObjectNode) incomplete.path("spec")).remove("selector");

        assertThatThrownBy(() -> KubernetesSchema.check(misspelt)).hasMessageContaining("readinesProbe");
        assertThatThrownBy(() -> KubernetesSchema.check(incomplete)).hasMessageContaining("selector");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void noTwoObjectsHaveOneNameAndAllAreInTheNamespace(Overlay overlay) {
        Set<String> names = new HashSet<>();
        for (JsonNode object : overlay.objects()) {
            String kind = object.path("kind").asText();
            assertThat(names.add(kind + " " + object.at("/metadata/name").asText()))
                    .as(kind)
                    .isTrue();
            if (!kind.equals("Namespace")) {
                assertThat(object.at("/metadata/namespace").asText()).as(kind).startsWith("millrace");
            }
        }
        assertThat(overlay.ofKind("Namespace"))
                .allSatisfy(namespace -> assertThat(namespace
                                .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                                .asText())
                        .isEqualTo("restricted"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void podsRunAsNobodyMayDoNothingAndWriteOnlyWhereTheySay(Overlay overlay) {
        assertThat(overlay.workloads()).isNotEmpty().allSatisfy(workload -> {
            JsonNode pod = workload.pod();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(List.of("hostNetwork", "hostPID", "hostIPC")).noneMatch(pod::has);
            assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
            assertThat(workload.containers()).isNotEmpty().allSatisfy(ManifestsTest::isLocked);
            assertThat(stream(pod.path("volumes")))
                    .allSatisfy(volume -> assertThat(volume.has("hostPath")).isFalse())
                    .filteredOn(volume -> volume.has("emptyDir"))
                    .allSatisfy(volume -> assertThat(
                                    volume.at("/emptyDir/sizeLimit").asText())
                            .as("a writable directory has a limit")
                            .isNotEmpty());
        });
    }

    private static void isLocked(JsonNode container) {
        JsonNode security = container.path("securityContext");
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.path("privileged").asBoolean()).isFalse();
        assertThat(security.path("capabilities")).hasToString("{\"drop\":[\"ALL\"]}");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyContainerHasItsImageByVersionAndItsLimits(Overlay overlay) {
        assertThat(overlay.workloads().flatMap(Workload::containers)).allSatisfy(container -> {
            String image = container.path("image").asText();
            assertThat(image).matches(".+[:@].+").doesNotContain("latest");
            if (image.contains("millrace")) {
                assertThat(image).endsWith(":" + System.getProperty("millrace.version"));
            }
            for (String kind : List.of("requests", "limits")) {
                for (String resource : List.of("cpu", "memory")) {
                    assertThat(container
                                    .path("resources")
                                    .path(kind)
                                    .path(resource)
                                    .asText())
                            .as(kind + " of " + resource)
                            .isNotEmpty();
                }
            }
            assertThat(container.at("/resources/requests/memory"))
                    .as("memory that isn't requested may not be there")
                    .isEqualTo(container.at("/resources/limits/memory"));
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whatRunsOnHasThreeProbesAtPortsThatItHas(Overlay overlay) {
        assertThat(overlay.workloads().filter(Workload::runsOn)).allSatisfy(workload -> {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                JsonNode asked = workload.container().path(probe);
                JsonNode how = asked.has("httpGet") ? asked.path("httpGet") : asked.path("tcpSocket");
                assertThat(workload.ports())
                        .as(probe)
                        .containsKey(how.path("port").asText());
            }
        });
        assertThat(overlay.workloads().filter(workload -> !workload.runsOn())).allSatisfy(job -> {
            assertThat(job.object().at("/spec/activeDeadlineSeconds").asInt()).isPositive();
            assertThat(job.object().at("/spec/ttlSecondsAfterFinished").asInt()).isPositive();
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void volumesConfigMapsAndAccountsThatAreNamedAreThere(Overlay overlay) {
        assertThat(overlay.workloads()).allSatisfy(workload -> {
            Set<String> volumes = new HashSet<>();
            stream(workload.pod().path("volumes"))
                    .forEach(volume -> volumes.add(volume.path("name").asText()));
            stream(workload.object().at("/spec/volumeClaimTemplates"))
                    .forEach(claim -> volumes.add(claim.at("/metadata/name").asText()));
            Set<String> mounted = new HashSet<>();
            workload.containers()
                    .flatMap(container -> stream(container.path("volumeMounts")))
                    .forEach(mount -> mounted.add(mount.path("name").asText()));
            assertThat(mounted).isEqualTo(volumes);
            stream(workload.pod().path("volumes"))
                    .filter(volume -> volume.has("configMap"))
                    .forEach(volume -> overlay.named(
                            "ConfigMap", volume.at("/configMap/name").asText()));
            String account = workload.pod().path("serviceAccountName").asText();
            if (account.isEmpty()) {
                assertThat(workload.pod().path("automountServiceAccountToken").asBoolean(true))
                        .as("no token where nobody asks Kubernetes")
                        .isFalse();
            } else {
                overlay.named("ServiceAccount", account);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everySelectorFindsSomething(Overlay overlay) {
        List<Workload> workloads = overlay.workloads().toList();
        assertThat(overlay.workloads().filter(Workload::runsOn))
                .allSatisfy(workload -> assertThat(matches(workload.object().at("/spec/selector"), workload.labels()))
                        .isTrue());
        assertThat(overlay.ofKind("Service")).allSatisfy(service -> {
            ObjectNode selector = ((ObjectNode) service.path("spec")).objectNode();
            selector.set("matchLabels", service.at("/spec/selector"));
            Workload served = find(workloads, selector);
            assertThat(stream(service.at("/spec/ports")))
                    .isNotEmpty()
                    .allSatisfy(port -> assertThat(served.ports())
                            .containsEntry(
                                    port.path("targetPort").asText(),
                                    port.path("port").asInt()));
        });
        assertThat(overlay.ofKind("PodDisruptionBudget"))
                .allSatisfy(budget -> find(workloads, budget.at("/spec/selector")));
        assertThat(overlay.ofKind("HorizontalPodAutoscaler"))
                .allSatisfy(scaler -> overlay.named(
                        scaler.at("/spec/scaleTargetRef/kind").asText(),
                        scaler.at("/spec/scaleTargetRef/name").asText()));
        assertThat(workloads)
                .allSatisfy(workload -> assertThat(stream(workload.pod().path("topologySpreadConstraints")))
                        .allSatisfy(spread -> assertThat(matches(spread.path("labelSelector"), workload.labels()))
                                .isTrue()));
        assertThat(overlay.ofKind("ServiceMonitor")).allSatisfy(monitor -> {
            JsonNode service = overlay.ofKind("Service")
                    .filter(one -> matches(monitor.at("/spec/selector"), one.at("/metadata/labels")))
                    .reduce((one, other) -> {
                        throw new AssertionError("two services are scraped: every node would count twice");
                    })
                    .orElseThrow();
            assertThat(stream(monitor.at("/spec/endpoints")))
                    .isNotEmpty()
                    .allSatisfy(endpoint -> assertThat(
                                    stream(service.at("/spec/ports")).map(port -> port.path("name")))
                            .contains(endpoint.path("port")));
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void networkPoliciesFindTheirPodsAndNameTheirPorts(Overlay overlay) {
        // The load Job comes into a namespace where dev is.
        List<Workload> workloads =
                Stream.concat(overlay.workloads(), Overlay.dev().workloads()).toList();
        assertThat(overlay.ofKind("NetworkPolicy")).isNotEmpty().allSatisfy(policy -> {
            JsonNode spec = policy.path("spec");
            List<Workload> subjects = all(workloads, spec.path("podSelector"));
            assertThat(subjects).isNotEmpty();
            for (JsonNode rule : (Iterable<JsonNode>) stream(spec.path("ingress"))::iterator) {
                assertThat(stream(rule.path("ports")))
                        .isNotEmpty()
                        .allSatisfy(port -> assertThat(subjects)
                                .allMatch(one -> one.ports()
                                        .containsKey(port.path("port").asText())));
                assertThat(stream(rule.path("from")).filter(from -> from.has("podSelector")))
                        .allSatisfy(from -> assertThat(all(
                                        Stream.concat(
                                                        workloads.stream(),
                                                        Overlay.load().workloads())
                                                .toList(),
                                        from.path("podSelector")))
                                .isNotEmpty());
            }
            for (JsonNode rule : (Iterable<JsonNode>) stream(spec.path("egress"))::iterator) {
                assertThat(stream(rule.path("ports")))
                        .as("no way out to everywhere")
                        .isNotEmpty();
                stream(rule.path("to"))
                        .filter(to -> to.has("podSelector"))
                        .forEach(to -> assertThat(stream(rule.path("ports")))
                                .allSatisfy(port -> assertThat(all(workloads, to.path("podSelector")))
                                        .isNotEmpty()
                                        .allMatch(one -> one.ports()
                                                .containsKey(port.path("port").asText()))));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodIsUnderAPolicyThatDeniesAllElse(Overlay overlay) {
        if (overlay.name().equals("load")) {
            return; // It comes into a namespace that has one.
        }
        JsonNode deny = overlay.named("NetworkPolicy", "millrace-deny").path("spec");
        assertThat(deny).hasToString("{\"podSelector\":{},\"policyTypes\":[\"Ingress\",\"Egress\"]}");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void rightsAreNamedOneByOne(Overlay overlay) {
        assertThat(overlay.ofKind("ClusterRole")).isEmpty();
        assertThat(overlay.ofKind("ClusterRoleBinding")).isEmpty();
        assertThat(overlay.ofKind("Role"))
                .allSatisfy(
                        role -> assertThat(role.path("rules"))
                                .hasToString(
                                        "[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\",\"list\",\"watch\"]}]"));
        assertThat(overlay.ofKind("RoleBinding")).allSatisfy(binding -> {
            overlay.named("Role", binding.at("/roleRef/name").asText());
            assertThat(stream(binding.path("subjects")))
                    .isNotEmpty()
                    .allSatisfy(subject -> overlay.named(
                            subject.path("kind").asText(), subject.path("name").asText()));
        });
    }

    @Test
    void anUpgradeCostsNoNodeAndADrainOnlyOne() {
        JsonNode spec =
                Overlay.production().named("Deployment", "millrace-node").path("spec");
        assertThat(spec.at("/strategy/rollingUpdate/maxUnavailable").asInt(1)).isZero();
        assertThat(spec.at("/strategy/rollingUpdate/maxSurge").asInt()).isEqualTo(1);
        assertThat(spec.has("replicas")).as("the autoscaler says how many").isFalse();
        assertThat(stream(spec.at("/template/spec/topologySpreadConstraints"))
                        .filter(spread -> spread.path("topologyKey").asText().equals("kubernetes.io/hostname")))
                .as("no machine has more than one node of three")
                .singleElement()
                .satisfies(spread -> {
                    assertThat(spread.path("whenUnsatisfiable").asText()).isEqualTo("DoNotSchedule");
                    assertThat(spread.path("maxSkew").asInt()).isEqualTo(1);
                    assertThat(spread.path("minDomains").asInt()).isEqualTo(3);
                });
        assertThat(Overlay.production()
                        .named("HorizontalPodAutoscaler", "millrace-node")
                        .at("/spec/minReplicas")
                        .asInt())
                .isEqualTo(3);
        assertThat(Overlay.production()
                        .named("PodDisruptionBudget", "millrace-node")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
        assertThat(Overlay.dev()
                        .named("Deployment", "millrace-node")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(1);
    }

    private static Workload find(List<Workload> workloads, JsonNode selector) {
        List<Workload> found = all(workloads, selector);
        assertThat(found).as(selector.toString()).hasSize(1);
        return found.get(0);
    }

    private static List<Workload> all(List<Workload> workloads, JsonNode selector) {
        return new ArrayList<>(workloads.stream()
                .filter(workload -> matches(selector, workload.labels()))
                .toList());
    }

    private static boolean matches(JsonNode selector, JsonNode labels) {
        return Selectors.match(selector, labels);
    }
}
