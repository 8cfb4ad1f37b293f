package io.millrace.load.bench;

import io.millrace.load.bus.Usage;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one repetition of one workload gave: a line of JSON with the names that the peers' harness uses. */
final class Result {
    static final String PEER = "millrace";

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final String workload;
    private boolean clean = true;

    Result(String workload, int rep) {
        this.workload = workload;
        fields.put("peer", PEER);
        fields.put("workload", workload);
        fields.put("rep", rep);
        fields.put("ok", true);
    }

    /** A workload that broke off. */
    static Result failed(String workload, Throwable failure) {
        StringBuilder error = new StringBuilder(failure.toString());
        if (failure.getCause() != null) {
            error.append(" / ").append(failure.getCause());
        }
        return new Result(workload, -1).wrong(error.toString());
    }

    String workload() {
        return workload;
    }

    boolean isOk() {
        return Boolean.TRUE.equals(fields.get("ok"));
    }

    /** Whether nobody else used the machine meanwhile. */
    boolean isClean() {
        return clean;
    }

    Map<String, Object> fields() {
        return fields;
    }

    /** Marks it as wrong and says why. */
    Result wrong(String error) {
        fields.put("ok", false);
        fields.put("error", error);
        return this;
    }

    Result put(String name, long value) {
        fields.put(name, value);
        return this;
    }

    /** Rounded to thousandths. */
    Result put(String name, double value) {
        fields.put(name, Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : -1);
        return this;
    }

    Result put(String name, String value) {
        fields.put(name, value);
        return this;
    }

    /** What was used for so many events; 0 where it isn't about events. */
    Result usage(Usage usage, long events) {
        put("seconds", usage.seconds());
        if (events > 0) {
            put("events", events).put("eps", Math.round(events / usage.seconds()));
        }
        double server = usage.nodeCpu() + usage.cassandraCpu();
        if (usage.knowsBus() && events > 0) {
            put("serverCpuPerM", server * 1e6 / events);
            put("nodeCpuPerM", usage.nodeCpu() * 1e6 / events);
            put("cassandraCpuPerM", usage.cassandraCpu() * 1e6 / events);
            put("totalCpuPerM", (server + usage.clientCpu()) * 1e6 / events);
        }
        if (events > 0) {
            put("clientCpuPerM", usage.clientCpu() * 1e6 / events);
        }
        put("clientCpuS", usage.clientCpu());
        if (usage.knowsBus()) {
            clean = usage.clean();
            put("serverCpuS", server).put("nodeCpuS", usage.nodeCpu()).put("cassandraCpuS", usage.cassandraCpu());
            put("foreignCpuPct", usage.foreignPct());
            put("kernelCpuPct", usage.kernelPct());
            put("stealPct", usage.stealPct());
            fields.put("clean", clean);
            put("serverRssMb", usage.serverRssMb());
        }
        return this;
    }

    /** Bytes of payload a second, behind {@link #usage}. */
    Result throughput(long events, int eventBytes, Usage usage) {
        return put("mbps", events * (double) eventBytes / 1e6 / usage.seconds());
    }

    /** Percentiles of nanoseconds, in microseconds. */
    Result latency(String prefix, Histogram nanos) {
        put(prefix + "p50Us", nanos.getValueAtPercentile(50) / 1_000);
        put(prefix + "p99Us", nanos.getValueAtPercentile(99) / 1_000);
        put(prefix + "p999Us", nanos.getValueAtPercentile(99.9) / 1_000);
        put(prefix + "maxUs", nanos.getMaxValue() / 1_000);
        return put(prefix + "count", nanos.getTotalCount());
    }

    String toJson() {
        return new String(Json.bytes(fields), StandardCharsets.UTF_8);
    }
}
