package io.millrace.load;

import io.millrace.client.EventReader;
import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;

/** How many events go in (w1) and come out (w2). */
final class Throughput {
    private final Millrace millrace;
    private final Events events;
    private final Processes processes;
    private final LoadOptions options;

    Throughput(Millrace millrace, Events events, Processes processes, LoadOptions options) {
        this.millrace = millrace;
        this.events = events;
        this.processes = processes;
        this.options = options;
    }

    /** Loads {@code n} events; the time ends when the last is acknowledged. */
    Result load(String queue, int n, int rep) {
        Result result = new Result("w1", rep);
        Processes.Usage usage = processes.start();
        try (Loader loader = millrace.load(queue, options)) {
            for (int i = 0; i < n; i++) {
                loader.add(events.event(i));
            }
        }
        double seconds = usage.stop(result, n);
        return result.add("eventsPerS", n / seconds).add("seconds", seconds);
    }

    /** Reads them back and holds each against its place. */
    Result read(String queue, int n, int rep) {
        Result result = new Result("w2", rep);
        Processes.Usage usage = processes.start();
        byte[] buffer = new byte[Events.SIZE];
        int next = 0;
        try (EventReader reader = millrace.read(queue)) {
            while (reader.hasNext()) {
                long id = Events.id(reader.next().payload(), buffer);
                if (id != next) {
                    throw new IllegalStateException("event " + id + " stands where " + next + " should");
                }
                next++;
            }
        }
        double seconds = usage.stop(result, n);
        if (next != n) {
            throw new IllegalStateException(next + " events came back of " + n);
        }
        return result.add("eventsPerS", n / seconds).add("seconds", seconds);
    }
}
