package io.millrace.node;

import io.millrace.node.process.FreePort;
import io.millrace.node.process.JvmCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the nodes of {@code millrace dev --nodes n} are: the same port on 127.0.0.1, 127.0.0.2 and so on, one Cassandra, the
 * class path of this process.
 */
final class DevNodes {

    static final int MOST = 5;

    private static final List<String> JVM_FLAGS =
            List.of("-Xms64m", "-Xmx512m", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");
    private static final int ATTEMPTS = 200;

    private final int count;
    private final Path data;
    private final InetSocketAddress cassandra;
    private final String datacenter;
    private final int httpPort;
    private final int clusterPort;

    /** @throws IOException when there is no free port for remoting on all the addresses */
    DevNodes(int count, Path data, InetSocketAddress cassandra, String datacenter, int httpPort) throws IOException {
        this.count = count;
        this.data = data;
        this.cassandra = cassandra;
        this.datacenter = datacenter;
        this.httpPort = httpPort;
        this.clusterPort = freePort(count);
    }

    /** The address of the node of that number, from 1. */
    static String host(int number) {
        return "127.0.0." + number;
    }

    /** A port that is free on the addresses of so many nodes. */
    static int freePort(int count) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = FreePort.find(host(1));
            if (IntStream.rangeClosed(1, count).allMatch(number -> FreePort.isFree(host(number), port))) {
                return port;
            }
        }
        throw new IOException("no port is free on " + host(1) + " to " + host(count));
    }

    /** Writes their settings and starts them all; they find each other. */
    List<DevNode> start(Consumer<String> say) throws IOException {
        Path directory = Files.createDirectories(data.resolve("nodes"));
        Path logs = Files.createDirectories(data.resolve("logs"));
        List<DevNode> nodes = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            String name = "node-" + number;
            Path file = directory.resolve(name + ".conf");
            Files.writeString(file, settings(number));
            List<String> flags = new ArrayList<>(JVM_FLAGS);
            flags.add("-D" + Logging.FILE + "=" + logs.resolve(name + ".log"));
            flags.add("-D" + Logging.CONFIGURATION + "=" + Logging.FILE_CONFIGURATION);
            JvmCommand command = new JvmCommand(
                    Main.class.getName(),
                    System.getProperty("java.class.path"),
                    flags,
                    List.of("node", "--child", "--config", file.toString()),
                    logs.resolve(name + ".out"));
            nodes.add(DevNode.start(
                    "node " + number + " (" + host(number) + ")",
                    URI.create("http://" + host(number) + ":" + httpPort),
                    command,
                    say));
        }
        return nodes;
    }

    private String settings(int number) {
        String seeds = IntStream.rangeClosed(1, count)
                .mapToObj(seed -> "\"" + host(seed) + ":" + clusterPort + "\"")
                .collect(Collectors.joining(", "));
        return """
                # Written by "millrace dev --nodes" at each start.
                millrace {
                  security.mode = open
                  http { host = "%1$s", port = %2$d }
                  cluster { host = "%1$s", port = %3$d, seed-nodes = [%4$s] }
                  cassandra { contact-points = ["%5$s:%6$d"], datacenter = "%7$s" }
                }
                """.formatted(
                host(number), httpPort, clusterPort, seeds, cassandra.getHostString(), cassandra.getPort(), datacenter);
    }
}
