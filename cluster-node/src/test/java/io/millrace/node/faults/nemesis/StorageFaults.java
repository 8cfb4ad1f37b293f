package io.millrace.node.faults.nemesis;

import io.millrace.node.cassandra.CassandraProcess;
import io.millrace.node.cassandra.CassandraStartException;
import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.bus.Signals;
import io.millrace.node.journal.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Cassandra dies, stands still or fills up, and what is between it and a node gets lost, late or slow. */
final class StorageFaults {
    private static final String NONE = "";

    private StorageFaults() {}

    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        all.add(new Fault(Fault.Victim.STORAGE, "kill Cassandra", NONE, StorageFaults::kill));
        all.add(new Fault(Fault.Victim.STORAGE, "restart Cassandra", NONE, StorageFaults::restart));
        for (int seconds : List.of(3, 12)) {
            all.add(new Fault(
                    Fault.Victim.STORAGE,
                    "stop Cassandra for " + seconds + " s",
                    NONE,
                    (f, s, r) -> pause(f, s, seconds)));
        }
        for (String claims : List.of("queue", "bot")) {
            all.add(between("cut from Cassandra of node with " + claims, claims, TcpProxy::refuse, 3_000, 25_000));
            all.add(between("responses lost of node with " + claims, claims, TcpProxy::dropResponses, 1_000, 8_000));
            all.add(between("requests late of node with " + claims, claims, TcpProxy::holdRequests, 4_000, 12_000));
        }
        all.add(new Fault(Fault.Victim.STORAGE, "slow storage of node with queue", "queue", StorageFaults::slow));
        all.add(new Fault(Fault.Victim.STORAGE, "disk full", NONE, StorageFaults::fill));
        return all;
    }

    private static void kill(Fault fault, Stage stage, Random random) throws InterruptedException {
        stage.strikes(fault.kind(), "Cassandra", fault.claims(), List.of());
        stage.bus().cassandra().kill();
        Fault.hold(500, 12_000, random);
        start(stage);
        stage.healed(fault.kind());
    }

    private static void restart(Fault fault, Stage stage, Random random) throws InterruptedException {
        CassandraProcess cassandra = stage.bus().cassandra();
        stage.strikes(fault.kind(), "Cassandra", fault.claims(), List.of());
        Signals.terminate(cassandra.pid());
        awaitEnd(cassandra);
        start(stage);
        stage.healed(fault.kind());
    }

    private static void awaitEnd(CassandraProcess cassandra) throws InterruptedException {
        try {
            cassandra.onExit().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException late) {
            cassandra.kill();
        }
    }

    private static void start(Stage stage) throws InterruptedException {
        try {
            stage.bus().cassandra().restart();
        } catch (CassandraStartException failed) {
            throw new IllegalStateException("Cassandra doesn't start again", failed);
        }
    }

    private static void pause(Fault fault, Stage stage, int seconds) {
        stage.strikes(fault.kind(), "Cassandra", fault.claims(), List.of());
        Signals.pause(stage.bus().cassandra().pid(), seconds * 1_000L);
        stage.healed(fault.kind());
    }

    private static Fault between(String kind, String claims, Consumer<TcpProxy> hurt, long least, long most) {
        return new Fault(Fault.Victim.STORAGE, kind, claims, (fault, stage, random) -> {
            NodeProcess node = NodeFaults.target(NodeFaults.role(fault, stage, random), stage, random);
            TcpProxy proxy = stage.bus().proxy(node);
            List<String> hits = stage.roles().hits(node, stage.topology());
            if (stage.misses(kind, claims, hits)) {
                return;
            }
            stage.strikes(kind, node, claims, hits);
            hurt.accept(proxy);
            try {
                Fault.hold(least, most, random);
            } finally {
                // What was held back arrives now, long after whoever sent it has given up.
                proxy.release();
                Thread.sleep(200);
                proxy.heal();
            }
            stage.healed(kind);
        });
    }

    /** Answers come in gulps, each up to half a second late. */
    private static void slow(Fault fault, Stage stage, Random random) throws InterruptedException {
        NodeProcess node = NodeFaults.target(NodeFaults.role(fault, stage, random), stage, random);
        TcpProxy proxy = stage.bus().proxy(node);
        List<String> hits = stage.roles().hits(node, stage.topology());
        if (stage.misses(fault.kind(), fault.claims(), hits)) {
            return;
        }
        stage.strikes(fault.kind(), node, fault.claims(), hits);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        try {
            while (System.nanoTime() < end) {
                proxy.holdResponses();
                Fault.hold(50, 500, random);
                proxy.release();
                Fault.hold(1, 20, random);
            }
        } finally {
            proxy.release();
        }
        stage.healed(fault.kind());
    }

    private static void fill(Fault fault, Stage stage, Random random) throws InterruptedException {
        if (!stage.bus().disk().isSmall()) {
            stage.skips(fault.kind(), "no file system of its own could be mounted");
            return;
        }
        stage.strikes(fault.kind(), "Cassandra", fault.claims(), List.of());
        stage.bus().disk().fill();
        try {
            Fault.hold(5_000, 15_000, random);
        } finally {
            stage.bus().disk().free();
        }
        // After a failed commit log Cassandra answers nobody any more until it is started again.
        stage.bus().cassandra().kill();
        start(stage);
        stage.healed(fault.kind());
    }
}
