package io.millrace.node.faults.work;

import io.millrace.node.faults.history.History;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** All clients of a run inside this JVM: producers, followers, those that look at bots and at their dead letters. */
public final class Load {
    private final Topology topology;
    private final URI webhooks;
    private final Work work;
    private final Random random;
    private final List<Thread> threads = new ArrayList<>();

    /** @param webhooks where the server of webhooks is */
    public Load(Topology topology, List<URI> nodes, URI webhooks, History history, long seed) {
        this.topology = topology;
        this.webhooks = webhooks;
        this.random = new Random(seed);
        this.work = new Work(nodes, history, new Acks(), new Tally(), new AtomicBoolean());
    }

    public Acks acks() {
        return work.acks();
    }

    public Tally tally() {
        return work.tally();
    }

    /** Registers all bots; repeats until the bus has taken it. */
    public void setUp() throws InterruptedException {
        for (BotPlan plan : topology.plans()) {
            Registrations.register(work, plan, webhooks, false, plan.lanes());
        }
    }

    /** Starts all clients. */
    public void start() {
        int number = 0;
        for (String queue : topology.sources()) {
            number++;
            producer("s" + number, queue, true, 1, 150);
            producer("b" + number, queue, true, 30, 500);
            if (number % 2 == 0) {
                producer("n" + number, queue, false, 3, 400);
            }
        }
        for (String queue : topology.queues()) {
            threads.add(new Follower(work, "f-" + queue, queue, random.nextLong()).start());
        }
        for (BotPlan plan : topology.plans()) {
            threads.add(new Watcher(work, plan.name(), random.nextLong()).start());
            if (plan.recipe().lanes()) {
                threads.add(new LaneShifter(work, plan, webhooks, random.nextLong()).start());
            }
            if (plan.hasPoison()) {
                threads.add(new Redriver(work, plan, random.nextLong()).start());
            }
        }
    }

    private void producer(String name, String queue, boolean numbered, int batch, long pause) {
        threads.add(new Producer(work, name, queue, numbered, batch, pause, random.nextLong()).start());
    }

    /** Ends all clients; each finishes the request that it is at. */
    public void stop() throws InterruptedException {
        work.stopping().set(true);
        for (Thread thread : threads) {
            thread.join(20_000);
        }
    }
}
