package io.millrace.load.bus;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What client, nodes, Cassandra and everybody else use of this machine from its start to {@link #stop}. */
public final class Meter {
    // What other processes may take of the machine before a measurement doesn't count, as with the peers.
    private static final double MOST_OTHERS = 0.06;
    private static final double MOST_STEAL = 0.03;
    private static final double QUIET = 0.08;

    private final Pids pids;
    private final long[] node;
    private final long[] cassandra;
    private final long self = ProcessHandle.current().pid();
    private final double nodeBefore;
    private final double cassandraBefore;
    private final double clientBefore;
    private final Map<Long, Double> everyoneBefore = ProcFs.everyone();
    private final ProcFs.Machine machineBefore = ProcFs.machine();
    private final long start;

    private Meter(Pids pids) {
        this.pids = pids;
        this.node = array(pids.node());
        this.cassandra = array(pids.cassandra());
        this.nodeBefore = ProcFs.cpuSeconds(node);
        this.cassandraBefore = ProcFs.cpuSeconds(cassandra);
        this.clientBefore = ProcFs.cpuSeconds(self);
        this.start = System.nanoTime();
    }

    /** Starts now. */
    public static Meter start(Pids pids) {
        return new Meter(pids);
    }

    /** Stops now. */
    public Usage stop() {
        double seconds = (System.nanoTime() - start) / 1e9;
        double nodeCpu = ProcFs.cpuSeconds(node) - nodeBefore;
        double cassandraCpu = ProcFs.cpuSeconds(cassandra) - cassandraBefore;
        double clientCpu = ProcFs.cpuSeconds(self) - clientBefore;
        double ours = nodeCpu + cassandraCpu + clientCpu;
        ProcFs.Machine machine = ProcFs.machine();
        double busy = machine.busy() - machineBefore.busy();
        double steal = machine.steal() - machineBefore.steal();
        double foreign = foreign(everyoneBefore, pids);
        double all = seconds * Runtime.getRuntime().availableProcessors();
        boolean clean = (busy - ours) / all < MOST_OTHERS && steal / all < MOST_STEAL;
        return new Usage(
                seconds,
                pids.isKnown(),
                clientCpu,
                nodeCpu,
                cassandraCpu,
                100 * foreign / all,
                100 * Math.max(0, busy - ours - foreign) / all,
                100 * steal / all,
                clean,
                ProcFs.rssMb(pids.server()),
                ProcFs.openFiles(pids.server()));
    }

    /** Waits until others leave this machine in peace, at most so many seconds. */
    public static void awaitQuiet(Pids pids, int seconds) throws InterruptedException {
        for (int i = 0; i < seconds; i++) {
            Map<Long, Double> before = ProcFs.everyone();
            Thread.sleep(1_000); // what is waited for is that nothing happens
            if (foreign(before, pids) < QUIET) {
                return;
            }
        }
    }

    private static double foreign(Map<Long, Double> before, Pids pids) {
        Set<Long> ours = LongStream.of(pids.server()).boxed().collect(Collectors.toSet());
        ours.add(ProcessHandle.current().pid());
        double used = 0;
        for (Map.Entry<Long, Double> now : ProcFs.everyone().entrySet()) {
            if (!ours.contains(now.getKey())) {
                used += Math.max(0, now.getValue() - before.getOrDefault(now.getKey(), 0.0));
            }
        }
        return used;
    }

    private static long[] array(Iterable<Long> pids) {
        LongStream.Builder array = LongStream.builder();
        pids.forEach(array::add);
        return array.build().toArray();
    }
}
