package io.millrace.node.faults.nemesis;

import io.millrace.node.faults.bus.FaultBus;
import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.bus.Timeline;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.work.Http;
import io.millrace.node.faults.work.Topology;
import io.millrace.node.faults.work.WebhookServer;
import io.millrace.node.faults.work.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What faults act on, and where they write down what they did. */
public final class Stage {
    private static final Duration READY = Duration.ofSeconds(90);

    private final FaultBus bus;
    private final Workers workers;
    private final WebhookServer webhooks;
    private final Topology topology;
    private final History history;
    private final Timeline timeline;
    private final Recoveries recoveries;
    private final Map<String, Integer> injected = new TreeMap<>();
    private volatile @Nullable RuntimeException broken;

    public Stage(
            FaultBus bus,
            Workers workers,
            WebhookServer webhooks,
            Topology topology,
            History history,
            Timeline timeline,
            Recoveries recoveries) {
        this.bus = bus;
        this.workers = workers;
        this.webhooks = webhooks;
        this.topology = topology;
        this.history = history;
        this.timeline = timeline;
        this.recoveries = recoveries;
    }

    FaultBus bus() {
        return bus;
    }

    Workers workers() {
        return workers;
    }

    WebhookServer webhooks() {
        return webhooks;
    }

    Topology topology() {
        return topology;
    }

    Recoveries recoveries() {
        return recoveries;
    }

    Roles roles() {
        return new Roles(bus.nodes());
    }

    /** Writes down a fault that is about to strike. */
    void strikes(String kind, String target, String claims, List<String> hits) {
        history.write(new Operation.Fault(Call.now("nemesis"), kind, target, claims, hits));
        synchronized (injected) {
            injected.merge(kind, 1, Integer::sum);
        }
        timeline.say("FAULT " + kind + " on " + target + (hits.isEmpty() ? "" : ", hits " + String.join(", ", hits)));
    }

    /** Whether a fault would hit nothing of what it is there for; then it had better not strike. */
    boolean misses(String kind, String claims, List<String> hits) {
        boolean misses = hits.stream().noneMatch(hit -> hit.startsWith(claims));
        if (misses) {
            timeline.say("MISSED " + kind + ": nobody has a " + claims + " just now");
        }
        return misses;
    }

    /** As above, for a node; hits are the roles that it has. */
    void strikes(String kind, NodeProcess target, String claims, List<String> hits) {
        strikes(kind, target.name(), claims, hits);
    }

    void healed(String kind) {
        history.write(new Operation.Healed(Call.now("nemesis"), kind));
        timeline.say("healed " + kind);
    }

    /** Says that this machine doesn't allow a kind of fault. */
    void skips(String kind, String why) {
        timeline.say("SKIPPED " + kind + ": " + why);
        synchronized (injected) {
            injected.merge("skipped: " + kind, 1, Integer::sum);
        }
    }

    /** The nemesis itself failed beside the one that goes on. */
    void broke(RuntimeException failure) {
        broken = failure;
    }

    void requireSound() {
        RuntimeException failure = broken;
        if (failure != null) {
            throw new IllegalStateException("a fault could not be played", failure);
        }
    }

    void say(String what) {
        timeline.say(what);
    }

    /** Waits until all nodes say that they are ready, for at most a minute and a half. */
    void awaitReady() throws InterruptedException {
        long start = System.nanoTime();
        List<NodeProcess> waiting = bus.nodes();
        while (!waiting.isEmpty()) {
            if (System.nanoTime() - start > READY.toNanos()) {
                timeline.say(
                        "NOT READY: " + waiting.stream().map(NodeProcess::name).toList());
                return;
            }
            Thread.sleep(250);
            List<NodeProcess> still = new ArrayList<>();
            for (NodeProcess node : waiting) {
                if (!Http.once(node.uri(), "GET", "/health/ready", Map.of(), null, Duration.ofSeconds(3))
                        .isOk()) {
                    still.add(node);
                }
            }
            waiting = still;
        }
    }

    /** What was measured. */
    public String measures() {
        return recoveries.summary();
    }

    /** How often each kind struck. */
    public Map<String, Integer> injected() {
        synchronized (injected) {
            return new TreeMap<>(injected);
        }
    }
}
