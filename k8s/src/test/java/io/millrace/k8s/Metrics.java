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

    /** Those that the alert rules of an overlay go by; of other exporters' only what Prometheus itself makes. */
    static Set<String> of(Overlay overlay) {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode rules : overlay.ofKind("PrometheusRule").toList()) {
            rules.at("/spec/groups")
                    .findValuesAsText("expr")
                    .forEach(expression -> OURS.matcher(expression)
                            .results()
                            .map(MatchResult::group)
                            .forEach(names::add));
        }
        return names;
    }

    /** Those that a node told. */
    static Set<String> of(String scrape) {
        TreeSet<String> names = new TreeSet<>();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.add(line.split("[ {]")[0]));
        return names;
    }
}
