package io.millrace.load.bus;

import java.util.List;
import java.util.stream.LongStream;

/**
 * The processes of a bus on this machine.
 *
 * @param node the nodes', and that of {@code dev} where it is another; empty if not known
 * @param cassandra Cassandra's; empty if not known
 */
public record Pids(List<Long> node, List<Long> cassandra) {
    /** Nothing is known. */
    public static final Pids NONE = new Pids(List.of(), List.of());

    /** Takes copies. */
    public Pids {
        node = List.copyOf(node);
        cassandra = List.copyOf(cassandra);
    }

    /** Whether the bus's share of a measurement can be told. */
    public boolean isKnown() {
        return !node.isEmpty();
    }

    long[] server() {
        return LongStream.concat(
                        node.stream().mapToLong(Long::longValue),
                        cassandra.stream().mapToLong(Long::longValue))
                .toArray();
    }
}
