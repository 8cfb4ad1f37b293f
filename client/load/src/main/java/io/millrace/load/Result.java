package io.millrace.load;

import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One repetition of one workload: a line of JSON. */
final class Result {
    private final String workload;
    private final int rep;
    private final Map<String, Double> figures = new LinkedHashMap<>();

    Result(String workload, int rep) {
        this.workload = workload;
        this.rep = rep;
    }

    String workload() {
        return workload;
    }

    Map<String, Double> figures() {
        return figures;
    }

    Result add(String name, double value) {
        figures.put(name, Math.round(value * 1_000) / 1_000.0);
        return this;
    }

    /** Percentiles of nanoseconds, in microseconds. */
    Result latency(String name, Histogram nanos) {
        add(name + "P50Us", nanos.getValueAtPercentile(50) / 1e3);
        add(name + "P99Us", nanos.getValueAtPercentile(99) / 1e3);
        add(name + "P999Us", nanos.getValueAtPercentile(99.9) / 1e3);
        return add(name + "MaxUs", nanos.getMaxValue() / 1e3);
    }

    String toJson() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("workload", workload);
        line.put("rep", rep);
        line.putAll(figures);
        return new String(Json.bytes(line), StandardCharsets.UTF_8);
    }
}
