package io.millrace.node;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.node.journal.JournalMetrics;
import io.millrace.node.telemetry.Timers;
import java.util.concurrent.TimeUnit;

/** What the journal does, as meters. */
final class JournalMeters implements JournalMetrics {
    private final Timer rows;
    private final Timer commits;
    private final Timer claims;
    private final Timer reads;
    private final Counter bytes;
    private final Counter fenced;
    private final Counter unknown;
    private final Counter busy;
    private final Counter skippedSnapshots;

    JournalMeters(MeterRegistry registry) {
        rows = timer(registry, "millrace.journal.rows", "Writing the rows of an append");
        commits = timer(registry, "millrace.journal.commit", "The compare-and-set that commits an append");
        claims = timer(registry, "millrace.journal.claim", "Claiming a log");
        reads = timer(registry, "millrace.journal.read", "Reading records");
        bytes = Counter.builder("millrace.journal.written")
                .description("Bytes of committed records")
                .baseUnit("bytes")
                .register(registry);
        fenced = counter(registry, "millrace.journal.fenced", "Appends and claims that met a newer owner");
        unknown = counter(registry, "millrace.journal.unknown", "Appends whose outcome is not known");
        busy = counter(registry, "millrace.journal.refused.busy", "Appends and claims refused because too many waited");
        skippedSnapshots = counter(registry, "millrace.journal.snapshots.skipped", "Snapshots that couldn't be read");
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timers.ofRequests(name, description).register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    @Override
    public void appended(int records, long size, long waitNanos, long rowsNanos, long commitNanos) {
        rows.record(rowsNanos, TimeUnit.NANOSECONDS);
        commits.record(commitNanos, TimeUnit.NANOSECONDS);
        bytes.increment((double) size);
    }

    @Override
    public void fenced() {
        fenced.increment();
    }

    @Override
    public void unknown() {
        unknown.increment();
    }

    @Override
    public void busy() {
        busy.increment();
    }

    @Override
    public void claimed(int attempts, long nanos) {
        claims.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void read(int records, long size, long nanos) {
        reads.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void snapshotSkipped() {
        skippedSnapshots.increment();
    }
}
