package io.millrace.node.cassandra;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a Cassandra that runs as a child process on this machine (design D9).
 *
 * @param dataDirectory where everything of it lives: locks, data, logs; made when missing
 * @param libraries the directory with its jars; null: found by {@link CassandraLibraries}
 * @param address the address to listen on, a loopback address
 * @param cqlPort port for CQL, or 0 for a free one
 * @param storagePort port for messages between nodes, or 0 for a free one (one node never uses it, but binds it)
 * @param maxHeapMb largest heap in MiB, at least 384; the process needs about 450 MiB more than that
 * @param fastCompile compile with the first compiler only: half the CPU in the first minutes, about as much later
 * @param javaOptions more flags of its JVM, after all others, so that they overrule them
 * @param startLimit how long a start may take, until CQL answers; 90 s and more on a busy machine
 */
public record ChildCassandraSettings(
        Path dataDirectory,
        @Nullable Path libraries,
        String address,
        int cqlPort,
        int storagePort,
        int maxHeapMb,
        boolean fastCompile,
        List<String> javaOptions,
        Duration startLimit) {

    private static final int SMALLEST_HEAP_MB = 384;

    public ChildCassandraSettings {
        javaOptions = List.copyOf(javaOptions);
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        if (maxHeapMb < SMALLEST_HEAP_MB) {
            throw new IllegalArgumentException("maxHeapMb is " + maxHeapMb + ", at least " + SMALLEST_HEAP_MB);
        }
    }

    /**
     * For {@code millrace dev}: 1 GiB of heap, which stood 200 writers with 64 KiB each in flight. Quick compilation: the second
     * compiler took half of this process's CPU for its first 90 s under load ({@code cluster-node/RATIONALE.md}); who lets it
     * run for long says {@code -XX:TieredStopAtLevel=4}.
     */
    public static ChildCassandraSettings forDevelopment(Path dataDirectory, List<String> javaOptions) {
        return new ChildCassandraSettings(
                dataDirectory, null, "127.0.0.1", 0, 0, 1024, true, javaOptions, Duration.ofMinutes(2));
    }

    /** For tests: 512 MiB of heap, quick compilation, patience with a busy machine. */
    public static ChildCassandraSettings forTests(Path dataDirectory) {
        return new ChildCassandraSettings(
                dataDirectory, null, "127.0.0.1", 0, 0, 512, true, List.of(), Duration.ofMinutes(3));
    }

    ChildCassandraSettings withPorts(int cql, int storage) {
        return new ChildCassandraSettings(
                dataDirectory, libraries, address, cql, storage, maxHeapMb, fastCompile, javaOptions, startLimit);
    }

    /** Everything that Cassandra itself writes, beside the two lock files. */
    Path home() {
        return dataDirectory.resolve("cassandra");
    }

    Path logs() {
        return home().resolve("logs");
    }

    /** What the process prints: nothing but why it didn't start. */
    Path console() {
        return logs().resolve("console.log");
    }

    Path log() {
        return logs().resolve("cassandra.log");
    }

    Path temporary() {
        return home().resolve("tmp");
    }

    Path triggers() {
        return home().resolve("triggers");
    }

    Path configuration() {
        return home().resolve("cassandra.yaml");
    }
}
