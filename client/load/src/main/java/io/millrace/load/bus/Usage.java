package io.millrace.load.bus;

/**
 * What was used of the machine while something was measured. Percentages are of all cores.
 *
 * @param seconds how long it took
 * @param knowsBus whether the figures of nodes and Cassandra mean anything
 * @param clientCpu CPU seconds of this process
 * @param nodeCpu CPU seconds of all nodes
 * @param cassandraCpu CPU seconds of Cassandra
 * @param foreignPct what other processes took
 * @param kernelPct what the kernel took for nobody in particular
 * @param stealPct what the hypervisor took
 * @param clean whether those three are so small that the figures count
 * @param serverRssMb resident memory of nodes and Cassandra at the end
 * @param serverFiles their open files and sockets at the end
 */
public record Usage(
        double seconds,
        boolean knowsBus,
        double clientCpu,
        double nodeCpu,
        double cassandraCpu,
        double foreignPct,
        double kernelPct,
        double stealPct,
        boolean clean,
        long serverRssMb,
        long serverFiles) {}
