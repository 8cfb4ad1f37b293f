package io.millrace.load.bench;

import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.client.MillraceException;
import io.millrace.load.Events;
import io.millrace.load.bus.Bus;
import io.millrace.load.bus.Meter;
import java.net.URI;

/**
 * What every workload works with.
 *
 * @param bus under load
 * @param millrace the client through which
 * @param events what is sent
 * @param options how much
 * @param stamp sets this run's names apart from those of others
 */
record Stage(Bus bus, Millrace millrace, Events events, BenchOptions options, String stamp) {
    static Millrace connect(Bus bus) {
        return Millrace.connect(bus.urls().toArray(URI[]::new));
    }

    /** A name of this run. */
    String name(String what) {
        return "bench-" + stamp + "-" + what;
    }

    /** Makes a queue of this run. */
    String queue(String what) {
        String queue = name(what);
        millrace.queues().create(queue);
        return queue;
    }

    Meter meter() {
        return Meter.start(bus.pids());
    }

    /** Loads so many events, numbered from 0, until the last is acknowledged. */
    void load(String queue, Events source, long n, LoadOptions load) {
        try (Loader loader = millrace.load(queue, load)) {
            for (long i = 0; i < n; i++) {
                loader.add(source.event(i));
            }
        }
    }

    /** Frees what a workload has left on the disk; that it can't be done harms nothing. */
    void purge(String... queues) {
        for (String queue : queues) {
            try {
                millrace.queues().purge(queue);
            } catch (MillraceException e) {
                System.err.println("bench: " + queue + " stays: " + e.getMessage());
            }
        }
    }
}
