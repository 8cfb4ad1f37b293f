package io.millrace.node.faults.bus;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.millrace.node.FaultNode;
import io.millrace.node.cassandra.CassandraProcess;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.journal.TcpProxy;
import io.millrace.node.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bus of n node processes over one Cassandra, each node with a proxy of its own in front of it. A node that ends by itself is
 * started again after a second, as Kubernetes would; one that a fault ended stays down until the fault says otherwise.
 */
public final class FaultBus implements AutoCloseable {
    private static final List<String> NODE_JVM = List.of(
            "-Xmx384m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dlogback.configurationFile=logback-faults.xml",
            "-Djava.net.preferIPv4Stack=true");

    private final Path directory;
    private final Timeline timeline;
    private final SmallDisk disk;
    private final CassandraProcess cassandra;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final Set<NodeProcess> wanted = new HashSet<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Starts Cassandra; blocks until it answers. No node runs yet.
     *
     * @param settings of all nodes, by key, beside those that make them a cluster
     */
    public FaultBus(Path directory, int size, Timeline timeline, Map<String, Object> settings) {
        this.directory = directory;
        this.timeline = timeline;
        this.disk = new SmallDisk(directory.resolve("cassandra"));
        try {
            this.cassandra = TestCassandra.ownChild(disk.directory());
        } catch (IllegalStateException failed) {
            disk.close();
            throw failed;
        }
        try {
            List<Integer> remoting = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                remoting.add(FreePort.find(host(i)));
            }
            for (int i = 0; i < size; i++) {
                proxies.add(new TcpProxy(cassandra.contactPoint()));
                nodes.add(node(i, remoting, settings));
            }
        } catch (IOException failed) {
            close();
            throw new UncheckedIOException(failed);
        }
        Thread keeper = new Thread(this::keep, "keeper");
        keeper.setDaemon(true);
        keeper.start();
    }

    /** Empties a run's directory. */
    public static void clear(Path directory) {
        try {
            if (Files.exists(directory)) {
                try (var tree = Files.walk(directory)) {
                    tree.sorted(Comparator.reverseOrder())
                            .forEach(path -> path.toFile().delete());
                }
            }
            Files.createDirectories(directory.resolve("cassandra"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String host(int index) {
        return "127.0.0." + (index + 1);
    }

    private NodeProcess node(int index, List<Integer> remoting, Map<String, Object> more) throws IOException {
        int http = FreePort.find(host(index));
        InetSocketAddress storage = proxies.get(index).address();
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(
                "millrace.cassandra.contact-points",
                List.of(storage.getAddress().getHostAddress() + ":" + storage.getPort()));
        settings.put("millrace.cassandra.datacenter", CassandraProcess.DATACENTER);
        settings.put("millrace.security.mode", "open");
        settings.put("millrace.http.host", host(index));
        settings.put("millrace.http.port", http);
        settings.put("millrace.cluster.host", host(index));
        settings.put("millrace.cluster.port", remoting.get(index));
        settings.put("millrace.cluster.seed-nodes", seeds(remoting));
        // Behind its gate; and it is told from others by where it calls from.
        int behind = FreePort.find(host(index));
        gates.add(new Gate(
                new InetSocketAddress(host(index), remoting.get(index)), new InetSocketAddress(host(index), behind)));
        settings.put("pekko.remote.artery.bind.hostname", host(index));
        settings.put("pekko.remote.artery.bind.port", behind);
        settings.put("pekko.remote.artery.advanced.tcp.outbound-client-hostname", host(index));
        String name = "node" + (index + 1);
        Path file = directory.resolve(name + ".conf");
        Files.writeString(file, ConfigFactory.parseMap(settings).root().render(ConfigRenderOptions.concise()));
        return new NodeProcess(
                name,
                NodeProcess.java(
                        NODE_JVM,
                        FaultNode.class,
                        file.toString(),
                        directory.resolve("history").toString(),
                        name),
                directory,
                URI.create("http://" + host(index) + ":" + http));
    }

    private static List<String> seeds(List<Integer> remoting) {
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < remoting.size(); i++) {
            seeds.add(host(i) + ":" + remoting.get(i));
        }
        return seeds;
    }

    /** All nodes, running or not. */
    public List<NodeProcess> nodes() {
        return nodes;
    }

    /** The proxy between a node and Cassandra. */
    public TcpProxy proxy(NodeProcess node) {
        return proxies.get(nodes.indexOf(node));
    }

    /** From now on {@code listener} hears nothing of what {@code speaker} says. */
    public void mute(NodeProcess speaker, NodeProcess listener) {
        if (speaker != listener) {
            gates.get(nodes.indexOf(listener)).swallow(address(speaker));
        }
    }

    /** All hear each other again. */
    public void unmuteAll() {
        for (Gate gate : gates) {
            nodes.forEach(node -> gate.hear(address(node)));
        }
    }

    private static InetAddress address(NodeProcess node) {
        return new InetSocketAddress(node.uri().getHost(), 0).getAddress();
    }

    public CassandraProcess cassandra() {
        return cassandra;
    }

    /** What Cassandra's data is on. */
    public SmallDisk disk() {
        return disk;
    }

    /** Nodes that ended by themselves and were started again. */
    public int restarts() {
        return restarts.get();
    }

    /** Starts a node and from now on keeps it running. */
    public synchronized void start(NodeProcess node) {
        if (!closed) {
            wanted.add(node);
            node.start();
        }
    }

    /** From now on the node may be down. */
    public synchronized void letGo(NodeProcess node) {
        wanted.remove(node);
    }

    private void keep() {
        while (!closed) {
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException ended) {
                return;
            }
            revive();
        }
    }

    private synchronized void revive() {
        for (NodeProcess node : wanted) {
            if (!closed && !node.isAlive()) {
                restarts.incrementAndGet();
                timeline.say(node.name() + " ended by itself with code " + node.exitCode() + " and is started again");
                node.start();
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            wanted.clear();
        }
        nodes.forEach(NodeProcess::kill);
        proxies.forEach(TcpProxy::close);
        gates.forEach(Gate::close);
        cassandra.kill();
        cassandra.stop();
        disk.close();
    }
}
