package io.millrace.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Names of metrics as Prometheus has them. */
final class Metrics {
    private static final Pattern OURS = Pattern.compile("\\b(millrace|jvm|process)_[a-z0-9_]+");

    private Metrics() {}

    /** Those that the alert rules of an overlay go by. */
    static Set<String> ofAlerts(Overlay overlay) {
        Set<String> names = new TreeSet<>();
        for (JsonNode rules : overlay.ofKind("PrometheusRule").toList()) {
            rules.at("/spec/groups").findValuesAsText("expr").forEach(expression -> names.addAll(named(expression)));
        }
        return names;
    }

    /** Those that the dashboards of an overlay show. */
    static Set<String> ofDashboards(Overlay overlay) {
        Set<String> names = new TreeSet<>();
        overlay.ofKind("ConfigMap")
                .filter(map ->
                        map.at("/metadata/labels/grafana_dashboard").asText().equals("1"))
                .flatMap(map -> map.path("data").properties().stream())
                .forEach(file -> names.addAll(named(file.getValue().asText())));
        return names;
    }

    private static Set<String> named(String text) {
        Set<String> names = new TreeSet<>();
        OURS.matcher(text).results().map(MatchResult::group).forEach(names::add);
        return names;
    }

    /** Those that a node told. */
    static Set<String> told(String scrape) {
        Set<String> names = new TreeSet<>();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.add(line.split("[ {]")[0]));
        return names;
    }
}
