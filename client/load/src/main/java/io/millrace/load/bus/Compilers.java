package io.millrace.load.bus;

import java.util.stream.LongStream;

/** What the JIT compilers of client, nodes and Cassandra use of this machine from {@link #start} on. */
public final class Compilers {
    private final long[] pids;
    private final double before;
    private final long start = System.nanoTime();

    private Compilers(long[] pids) {
        this.pids = pids;
        this.before = ProcFs.compilerSeconds(pids);
    }

    /** Starts now. */
    public static Compilers start(Pids pids) {
        long self = ProcessHandle.current().pid();
        return new Compilers(LongStream.concat(LongStream.of(pids.server()), LongStream.of(self))
                .toArray());
    }

    /** Their part of all cores' time until now, 0 to 1. */
    public double share() {
        double seconds = (System.nanoTime() - start) / 1e9;
        return (ProcFs.compilerSeconds(pids) - before)
                / (seconds * Runtime.getRuntime().availableProcessors());
    }
}
