package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.Set;

/** The schema of Kubernetes as its client has it: a field that is unknown or missing is an error. */
final class KubernetesSchema {
    /** Of the Prometheus operator: not in the client. */
    private static final Set<String> FOREIGN =
            Set.of("monitoring.coreos.com/v1 ServiceMonitor", "monitoring.coreos.com/v1 PrometheusRule");

    private static final String MODELS = "io.kubernetes.client.openapi.models.";

    private KubernetesSchema() {}

    /** @throws IllegalArgumentException with the field at fault */
    static void check(JsonNode object) {
        String version = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        if (FOREIGN.contains(version + " " + kind)) {
            assertThat(object.properties().stream().map(field -> field.getKey()))
                    .containsExactlyInAnyOrder("apiVersion", "kind", "metadata", "spec");
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
