package io.millrace.node.faults.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One Linux network namespace for each node, joined by a switch: nodes and this machine reach each other over an IPv4
 * network of the run's own (10.180.0.0/24 to 10.249.255.0/24), until they are cut. A cut drops packets, as a broken
 * line does: connections stay open and hear nothing.
 *
 * <p>Needs root, {@code ip} and {@code nft}; see {@link #unavailable}. Not for use from several threads.
 */
public final class Netns implements AutoCloseable {
    private static final String PREFIX = "millrace-";
    private static final String HUB = "hub";
    private static final int MOST_NODES = 100;
    private static final int HOST = 254;
    private static final int SUBNETS = 70 * 256;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String run = ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final List<String> nodes;
    private final String network;

    private Netns(List<String> nodes) {
        this.nodes = List.copyOf(nodes);
        this.network = freeNetwork();
    }

    /** Why this machine can't do it, in one line; empty if it can. Tries it out. */
    public static Optional<String> unavailable() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root");
        }
        if (!Shell.run("ip", "-V").isOk()) {
            return Optional.of("there is no ip (package iproute2)");
        }
        if (!Shell.run("nft", "-v").isOk()) {
            return Optional.of("there is no nft (package nftables)");
        }
        try (Netns trial = of(List.of("a", "b"))) {
            trial.cut("a", "b");
            return Optional.empty();
        } catch (IllegalStateException failed) {
            return Optional.of("the kernel refuses: " + failed.getMessage().replace('\n', ' '));
        }
    }

    /**
     * Makes the namespaces; removes those that dead runs left.
     *
     * @param nodes their names, letters and digits, 1 to 100 of them
     * @throws IllegalStateException if the machine refuses; nothing is left then
     */
    public static Netns of(List<String> nodes) {
        if (nodes.isEmpty() || nodes.size() > MOST_NODES || nodes.contains(HUB)) {
            throw new IllegalArgumentException("1 to " + MOST_NODES + " nodes, none of them \"" + HUB + "\"");
        }
        removeLeftovers();
        Netns netns = new Netns(nodes);
        try {
            netns.build();
            return netns;
        } catch (IllegalStateException refused) {
            netns.close();
            throw refused;
        }
    }

    private void build() {
        addNamespace(HUB);
        in(HUB, "link", "add", "name", "switch", "type", "bridge", "stp_state", "0");
        in(HUB, "link", "set", "switch", "up");
        Shell.must("ip", "link", "add", hostLink(), "type", "veth", "peer", "name", "host", "netns", name(HUB));
        in(HUB, "link", "set", "host", "master", "switch", "up");
        Shell.must("ip", "address", "add", hostAddress() + "/24", "dev", hostLink());
        Shell.must("ip", "link", "set", hostLink(), "up");
        for (int i = 0; i < nodes.size(); i++) {
            String node = nodes.get(i);
            String port = "port" + (i + 1);
            addNamespace(node);
            in(node, "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns", name(HUB));
            in(HUB, "link", "set", port, "master", "switch", "up");
            in(node, "address", "add", address(node) + "/24", "dev", "eth0");
            in(node, "link", "set", "eth0", "up");
            filter(node, """
                    table inet cuts {
                        chain incoming { type filter hook input priority 0; policy accept; }
                        chain outgoing { type filter hook output priority 0; policy accept; }
                    }
                    """);
        }
    }

    private void addNamespace(String node) {
        Shell.must("ip", "netns", "add", name(node));
        in(node, "link", "set", "lo", "up");
    }

    /** A node's address, which this machine and the other nodes reach. */
    public String address(String node) {
        int index = nodes.indexOf(node);
        if (index < 0) {
            throw new IllegalArgumentException("no node " + node);
        }
        return network + (index + 1);
    }

    /** Where this machine listens for its nodes: the place for proxies to Cassandra. */
    public String hostAddress() {
        return network + HOST;
    }

    /** A command that runs in a node's network; its process is the command's own, so signals reach it. */
    public List<String> command(String node, List<String> command) {
        address(node);
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name(node)));
        inside.addAll(command);
        return inside;
    }

    /** Two nodes hear nothing of each other any more. */
    public void cut(String one, String other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** What {@code from} sends doesn't reach {@code to} any more; the other way stays. */
    public void cutOneWay(String from, String to) {
        filter(to, "add rule inet cuts incoming ip saddr " + address(from) + " drop");
    }

    /** A node and one TCP port of this machine (such as its proxy to Cassandra) hear nothing of each other any more. */
    public void cutFromHost(String node, int port) {
        filter(node, "add rule inet cuts outgoing ip daddr " + hostAddress() + " tcp dport " + port + " drop");
        filter(node, "add rule inet cuts incoming ip saddr " + hostAddress() + " tcp sport " + port + " drop");
    }

    /** All cuts end. */
    public void heal() {
        nodes.forEach(node -> filter(node, "flush table inet cuts"));
    }

    /** Removes everything; processes inside should have ended. */
    @Override
    public void close() {
        nodes.forEach(node -> Shell.run("ip", "netns", "delete", name(node)));
        Shell.run("ip", "netns", "delete", name(HUB));
        // The other end went with the hub, but the kernel takes its time.
        Shell.run("ip", "link", "delete", hostLink());
    }

    private void filter(String node, String rules) {
        Shell.must(List.of("ip", "netns", "exec", name(node), "nft", "-f", "-"), rules + "\n");
    }

    private void in(String node, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name(node)));
        command.addAll(List.of(arguments));
        Shell.must(command, "");
    }

    private String name(String node) {
        return PREFIX + run + "-" + node;
    }

    private String hostLink() {
        return "mr" + run;
    }

    /** The process id makes it likely that no other run has it, the routes make it sure that nothing else has. */
    private static String freeNetwork() {
        int first = (int) ((ProcessHandle.current().pid() * 7 + COUNT.get()) % SUBNETS);
        for (int i = 0; i < 100; i++) {
            int subnet = (first + i * 101) % SUBNETS;
            String network = "10." + (180 + subnet / 256) + "." + subnet % 256 + ".";
            if (Shell.run("ip", "-4", "route", "show", "to", "root", network + "0/24")
                    .output()
                    .isEmpty()) {
                return network;
            }
        }
        throw new IllegalStateException("no free network in 10.180.0.0 to 10.249.255.0");
    }

    private static void removeLeftovers() {
        for (String line : Shell.run("ip", "netns", "list").output().split("\n")) {
            String name = line.split(" ")[0];
            if (name.matches(PREFIX + "\\d+-\\d+-\\w+")) {
                long pid = Long.parseLong(name.split("-")[1]);
                if (ProcessHandle.of(pid).isEmpty()) {
                    Shell.run("ip", "netns", "delete", name);
                }
            }
        }
    }
}
