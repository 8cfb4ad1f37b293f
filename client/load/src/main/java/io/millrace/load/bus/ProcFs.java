package io.millrace.load.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What Linux tells in {@code /proc}. Processes that are gone have used nothing. */
final class ProcFs {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on all Linux that we know
    private static final int PARENT = 1; // places of fields in /proc/PID/stat, counted behind the name
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int REAPED_USER = 13;
    private static final int REAPED_SYSTEM = 14;
    private static final String KERNEL_THREADS = "2";

    /** CPU seconds of all cores since the start of the machine. */
    record Machine(double busy, double steal) {}

    private ProcFs() {}

    /** User and system seconds, those of reaped children included. */
    static double cpuSeconds(long pid) {
        String[] fields = stat(Long.toString(pid));
        return fields.length == 0 ? 0 : seconds(fields, USER, SYSTEM, REAPED_USER, REAPED_SYSTEM);
    }

    static double cpuSeconds(long... pids) {
        double sum = 0;
        for (long pid : pids) {
            sum += cpuSeconds(pid);
        }
        return sum;
    }

    /** Seconds of the JIT compilers' threads in these JVMs; of threads that ended meanwhile, nothing. */
    static double compilerSeconds(long... pids) {
        double sum = 0;
        for (long pid : pids) {
            String[] threads = Path.of("/proc/" + pid + "/task").toFile().list();
            for (String thread : threads == null ? new String[0] : threads) {
                String of = pid + "/task/" + thread;
                if (read("/proc/" + of + "/comm").contains(" CompilerThre")) {
                    String[] fields = stat(of);
                    sum += fields.length == 0 ? 0 : seconds(fields, USER, SYSTEM);
                }
            }
        }
        return sum;
    }

    /** Seconds of every process but kernel threads. */
    static Map<Long, Double> everyone() {
        Map<Long, Double> used = new HashMap<>();
        String[] names = Path.of("/proc").toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0)) && !name.equals(KERNEL_THREADS)) {
                String[] fields = stat(name);
                if (fields.length > 0 && !fields[PARENT].equals(KERNEL_THREADS)) {
                    used.put(Long.valueOf(name), seconds(fields, USER, SYSTEM));
                }
            }
        }
        return used;
    }

    static Machine machine() {
        String stat = read("/proc/stat");
        String[] fields = stat.substring(0, stat.indexOf('\n')).trim().split("\\s+");
        return new Machine(seconds(fields, 1, 2, 3, 6, 7), seconds(fields, 8));
    }

    /** Resident memory. */
    static long rssMb(long... pids) {
        long sum = 0;
        for (long pid : pids) {
            for (String line : read("/proc/" + pid + "/status").split("\n")) {
                if (line.startsWith("VmRSS:")) {
                    sum += Long.parseLong(line.replaceAll("\\D", "")) / 1_024;
                }
            }
        }
        return sum;
    }

    /** Open files and sockets. */
    static long openFiles(long... pids) {
        long sum = 0;
        for (long pid : pids) {
            String[] names = Path.of("/proc/" + pid + "/fd").toFile().list();
            sum += names == null ? 0 : names.length;
        }
        return sum;
    }

    static List<String> arguments(long pid) {
        return List.of(read("/proc/" + pid + "/cmdline").split("\0"));
    }

    private static String[] stat(String pid) {
        String stat = read("/proc/" + pid + "/stat");
        int name = stat.lastIndexOf(')');
        return name < 0 ? new String[0] : stat.substring(name + 2).split(" ");
    }

    private static double seconds(String[] fields, int... places) {
        long ticks = 0;
        for (int place : places) {
            ticks += Long.parseLong(fields[place]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException gone) {
            return "";
        }
    }
}
