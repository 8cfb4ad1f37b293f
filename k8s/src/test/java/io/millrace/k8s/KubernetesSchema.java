package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The schema of Kubernetes as its client has it: a field that is unknown or missing is an error. */
final class KubernetesSchema {
    /** Of others (the Prometheus operator, cert-manager), and so not in the client: what their specs may have and must have. */
    private static final Map<String, Fields> FOREIGN = Map.of(
            "monitoring.coreos.com/v1 ServiceMonitor", new Fields("selector endpoints", "jobLabel namespaceSelector"),
            "monitoring.coreos.com/v1 PrometheusRule", new Fields("groups", ""),
            "cert-manager.io/v1 Issuer", new Fields("", "selfSigned ca"),
            "cert-manager.io/v1 Certificate",
                    new Fields(
                            "secretName issuerRef duration privateKey commonName",
                            "isCA dnsNames ipAddresses renewBefore usages subject"));

    private record Fields(Set<String> must, Set<String> may) {
        Fields(String must, String may) {
            this(words(must), words(may));
        }

        private static Set<String> words(String list) {
            return Set.copyOf(List.of(list.split(" ")));
        }
    }

    private static final String MODELS = "io.kubernetes.client.openapi.models.";

    private KubernetesSchema() {}

    /** @throws IllegalArgumentException with the field at fault */
    static void check(JsonNode object) {
        String version = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        Fields fields = FOREIGN.get(version + " " + kind);
        if (fields != null) {
            assertThat(object.properties().stream().map(field -> field.getKey()))
                    .containsExactlyInAnyOrder("apiVersion", "kind", "metadata", "spec");
            for (var field : object.path("spec").properties()) {
                assertThat(fields.must().contains(field.getKey())
                                || fields.may().contains(field.getKey()))
                        .as(kind + "." + field.getKey())
                        .isTrue();
            }
            assertThat(fields.must())
                    .filteredOn(field -> !field.isEmpty())
                    .allMatch(field -> object.path("spec").has(field));
            return;
        }
        String model = MODELS
                + version.substring(version.indexOf('/') + 1).substring(0, 1).toUpperCase(Locale.ROOT)
                + version.substring(version.indexOf('/') + 2)
                + kind;
        try {
            Class.forName(model)
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, JsonParser.parseString(object.toString()));
        } catch (InvocationTargetException refused) {
            throw new IllegalArgumentException(
                    kind + " " + object.at("/metadata/name").asText() + ": "
                            + refused.getCause().getMessage(),
                    refused);
        } catch (ReflectiveOperationException unknown) {
            throw new IllegalArgumentException("Kubernetes knows no " + version + " " + kind, unknown);
        }
    }
}
