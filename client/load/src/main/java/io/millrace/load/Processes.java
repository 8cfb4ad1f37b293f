package io.millrace.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** CPU seconds and memory of the processes that take part, from {@code /proc}. */
final class Processes {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on all Linux that we know

    private final Map<String, Long> pids = new LinkedHashMap<>();

    /** @param node its pid, 0 if not known */
    Processes(long node, long cassandra) {
        pids.put("client", ProcessHandle.current().pid());
        if (node > 0) {
            pids.put("node", node);
        }
        if (cassandra > 0) {
            pids.put("cassandra", cassandra);
        }
    }

    /** What was used since {@link #start}. */
    final class Usage {
        private final Map<String, Double> before = cpu();
        private final double busyBefore = busy();
        private final long startedAt = System.nanoTime();

        /** Adds the figures to a result: CPU seconds, per million events where {@code events} is above 0, RSS. */
        double stop(Result result, long events) {
            double seconds = (System.nanoTime() - startedAt) / 1e9;
            double busy = busy() - busyBefore;
            double ours = 0;
            for (Map.Entry<String, Double> now : cpu().entrySet()) {
                double used = now.getValue() - before.getOrDefault(now.getKey(), 0.0);
                ours += used;
                result.add(now.getKey() + "CpuS", used);
                if (events > 0) {
                    result.add(now.getKey() + "CpuSPerM", used * 1e6 / events);
                }
            }
            int cores = Runtime.getRuntime().availableProcessors();
            result.add("othersCpuPct", 100 * Math.max(0, busy - ours) / (seconds * cores));
            pids.forEach((name, pid) -> result.add(name + "RssMb", rssMb(pid)));
            return seconds;
        }
    }

    Usage start() {
        return new Usage();
    }

    private Map<String, Double> cpu() {
        Map<String, Double> used = new LinkedHashMap<>();
        pids.forEach((name, pid) -> used.put(name, cpuSeconds(pid)));
        return used;
    }

    private static double cpuSeconds(long pid) {
        String stat = read("/proc/" + pid + "/stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private static double busy() {
        String stat = read("/proc/stat");
        String[] fields = stat.substring(0, stat.indexOf('\n')).trim().split(" +");
        double ticks = 0;
        for (int i = 1; i <= 8 && i < fields.length; i++) {
            ticks += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static double rssMb(long pid) {
        for (String line : read("/proc/" + pid + "/status").split("\n")) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1_024.0;
            }
        }
        return 0;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException("no process stands behind " + file, e);
        }
    }
}
