package io.millrace.load.simulation;

import io.millrace.load.bus.Bus;
import io.millrace.load.bus.GivenBus;
import io.millrace.load.bus.OwnBus;
import io.millrace.load.bus.Pids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds the bus to put load on: what {@code -Dmillrace.url} names, else one of its own from this checkout's build. */
final class BusUnderLoad {
    private BusUnderLoad() {}

    /** {@code -Dmillrace.url=http://a:8080,http://b:8080}, or {@code -Dload.nodes} (1) processes on this machine. */
    static Bus open() {
        String given = System.getProperty("millrace.url", "");
        if (!given.isBlank()) {
            List<URI> urls = Arrays.stream(given.strip().split("\\s*,\\s*"))
                    .map(URI::create)
                    .toList();
            return new GivenBus(urls, Pids.NONE, Optional.empty());
        }
        Path node = checkout().resolve("cluster-node");
        setUnlessSet(
                OwnBus.NODE_CLASS_PATH, () -> jarIn(node.resolve("target")) + ":" + node.resolve("target/lib") + "/*");
        setUnlessSet(
                OwnBus.CASSANDRA_LIBRARIES,
                () -> node.resolve("cassandra/target/lib").toString());
        setUnlessSet(OwnBus.NODE_FLAGS, () -> "-Xms128m -Xmx768m -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError");
        try {
            return OwnBus.start(Settings.number("nodes", 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the bus started", e);
        }
    }

    private static void setUnlessSet(String property, Supplier<String> value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value.get());
        }
    }

    // From client/load/target/test-classes.
    private static Path checkout() {
        Path classes = Path.of(URI.create(BusUnderLoad.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        return classes.resolve("../../../..").normalize();
    }

    private static Path jarIn(Path target) {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("millrace-cluster-node-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no node is built in " + target));
        } catch (IOException e) {
            throw new UncheckedIOException("no node is built in " + target, e);
        }
    }
}
