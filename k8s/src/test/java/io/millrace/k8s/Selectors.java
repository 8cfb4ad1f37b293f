package io.millrace.k8s;

import com.fasterxml.jackson.databind.JsonNode;

/** Label selectors as Kubernetes reads them, with the operator In. */
final class Selectors {
    private Selectors() {}

    static boolean match(JsonNode selector, JsonNode labels) {
        return selector.path("matchLabels").properties().stream()
                        .allMatch(label -> labels.path(label.getKey())
                                .asText()
                                .equals(label.getValue().asText()))
                && Overlay.stream(selector.path("matchExpressions"))
                        .allMatch(expression ->
                                expression.path("operator").asText().equals("In")
                                        && Overlay.stream(expression.path("values"))
                                                .anyMatch(value -> value.asText()
                                                        .equals(labels.path(expression
                                                                        .path("key")
                                                                        .asText())
                                                                .asText())));
    }
}
