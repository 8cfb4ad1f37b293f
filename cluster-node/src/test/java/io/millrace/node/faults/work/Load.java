package io.millrace.node.faults.work;

import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Pipeline;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** All clients of a run inside this JVM: producers, followers, and those that look at bots. */
public final class Load {
    private static final Duration SETUP = Duration.ofMinutes(2);

    private final Topology topology;
    private final Work work;
    private final Random random;
    private final List<Thread> threads = new ArrayList<>();

    public Load(Topology topology, List<URI> nodes, History history, long seed) {
        this.topology = topology;
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
        for (Pipeline pipeline : topology.java()) {
            register(
                    pipeline,
                    new HandlerSpec.Java(
                            FaultHandler.class.getName(),
                            Json.mapper()
                                    .createObjectNode()
                                    .put("to", pipeline.target())
                                    .put("shape", pipeline.shape().name().toLowerCase(Locale.ROOT))));
        }
        for (Pipeline pipeline : topology.workers()) {
            register(pipeline, new HandlerSpec.Worker(null));
        }
    }

    private void register(Pipeline pipeline, HandlerSpec handler) throws InterruptedException {
        BotConfig config = new BotConfig(
                null,
                null,
                null,
                pipeline.sources(),
                null,
                null,
                handler,
                null,
                List.of(pipeline.target()),
                null,
                null,
                new BotConfig.Batch(50, null, null),
                null,
                null,
                null,
                null);
        Http http = work.http(0);
        long start = System.nanoTime();
        Http.Answer answer;
        do {
            answer = http.put(
                    "/v1/bots/" + pipeline.bot(),
                    new String(Json.bytes(config), StandardCharsets.UTF_8),
                    Duration.ofSeconds(10));
            if (!answer.isOk()) {
                Work.about(500);
            }
        } while (!answer.isOk() && System.nanoTime() - start < SETUP.toNanos());
        if (!answer.isOk()) {
            throw new IllegalStateException("could not register " + pipeline.bot() + ": " + answer);
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
        for (String bot : topology.bots()) {
            threads.add(new Watcher(work, bot, random.nextLong()).start());
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
