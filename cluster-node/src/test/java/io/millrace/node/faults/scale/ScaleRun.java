package io.millrace.node.faults.scale;

import io.millrace.node.faults.bus.FaultBus;
import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.bus.Timeline;
import io.millrace.node.faults.history.HistoryFiles;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.work.FaultHandler;
import io.millrace.node.faults.work.Http;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Registers many queues and as many bots on three small nodes, lets all come to rest, restarts every node, and has some
 * events wake their bots. Asks nothing of a bot meanwhile: only its handler's own file tells that it ran, for a question would
 * wake it.
 */
public final class ScaleRun {
    private static final Duration REQUEST = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CLIENTS = 16;
    private static final int OUTPUTS = 10;

    /**
     * What was measured.
     *
     * @param before bytes alive on all nodes together before anything was registered
     * @param after the same with everything registered and at rest
     * @param restarted the same at rest after all nodes were started anew
     * @param handled events that reached their handler
     * @param wakes from sending an event to its handler's call, ms, sorted
     * @param crashes nodes that ended by themselves
     */
    public record Figures(long before, long after, long restarted, int handled, List<Long> wakes, int crashes) {
        /** {@return bytes that a registered queue and its bot cost at rest on all nodes together} */
        public double bytesPerPair(int pairs) {
            return (double) (after - before) / pairs;
        }

        /** {@return the wake latency, ms, that the fraction doesn't exceed} */
        public long wake(double fraction) {
            return wakes.get((int) Math.min(wakes.size() - 1L, Math.round(fraction * wakes.size())));
        }
    }

    private final int pairs;
    private final int events;
    private final Random random;
    private final Path directory;
    private final Timeline timeline;
    private final FaultBus bus;
    private final List<URI> nodes;
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

    private ScaleRun(int pairs, int events, long seed, Path directory, Timeline timeline, FaultBus bus) {
        this.pairs = pairs;
        this.events = events;
        this.random = new Random(seed);
        this.directory = directory;
        this.timeline = timeline;
        this.bus = bus;
        this.nodes = bus.nodes().stream().map(NodeProcess::uri).toList();
    }

    /** By hand: pairs of queue and bot, and events. */
    public static void main(String[] arguments) throws Exception {
        int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int events = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        Figures figures =
                run(pairs, events, System.nanoTime(), Path.of("target", "scale").toAbsolutePath());
        System.out.println(figures.crashes() + " crashes");
        System.exit(0);
    }

    /** Runs, and stops all that it started. */
    public static Figures run(int pairs, int events, long seed, Path directory) throws Exception {
        FaultBus.clear(directory);
        Map<String, Object> settings = new HashMap<>();
        settings.put("millrace.queue.passivate-after", "20 s");
        settings.put("millrace.bot.passivate-after", "20 s");
        try (Timeline timeline = new Timeline(directory);
                FaultBus bus = new FaultBus(directory, 3, timeline, settings)) {
            timeline.say("seed " + seed);
            ScaleRun run = new ScaleRun(pairs, events, seed, directory, timeline, bus);
            try {
                return run.run();
            } finally {
                run.clients.shutdownNow();
            }
        }
    }

    private Figures run() throws Exception {
        bus.nodes().forEach(bus::start);
        awaitReady();
        long before = awaitRest("nothing is registered");
        each(pairs, this::register);
        timeline.say(pairs + " queues and bots are registered");
        long after = awaitRest("all is registered");
        for (NodeProcess node : bus.nodes()) {
            bus.letGo(node);
            node.terminate(30);
        }
        timeline.say("all nodes are down");
        bus.nodes().forEach(bus::start);
        awaitReady();
        long restarted = awaitRest("all nodes were started anew");
        List<Integer> chosen = new ArrayList<>(IntStream.range(0, pairs).boxed().toList());
        Collections.shuffle(chosen, random);
        chosen = chosen.subList(0, Math.min(events, pairs));
        Map<String, Long> sent = new ConcurrentHashMap<>();
        for (int index : chosen) {
            // One at a time: what is measured is a wake-up, not a queue of them.
            sent.put("b-" + index, System.nanoTime());
            append(new Http(nodes, index), index);
        }
        timeline.say(chosen.size() + " events are sent");
        Map<String, Long> handled = awaitHandled(sent);
        List<Long> wakes = handled.entrySet().stream()
                .map(one -> (one.getValue() - sent.get(one.getKey())) / 1_000_000)
                .sorted()
                .toList();
        Figures figures = new Figures(before, after, restarted, handled.size(), wakes, bus.restarts());
        timeline.say(String.format(
                "%d of %d handled; wake p50 %d ms, p99 %d ms, max %d ms; %.0f bytes at rest for each pair; %.1f MB after"
                        + " the restart",
                figures.handled(),
                chosen.size(),
                figures.wake(0.5),
                figures.wake(0.99),
                figures.wake(1),
                figures.bytesPerPair(pairs),
                restarted / 1e6));
        return figures;
    }

    @FunctionalInterface
    private interface Step {
        void run(Http http, int index) throws InterruptedException;
    }

    private void each(int count, Step step) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int first = client;
            all.add(clients.submit(() -> {
                Http http = new Http(nodes, first);
                for (int index = first; index < count; index += CLIENTS) {
                    step.run(http, index);
                    if (index % 1_000 == 0) {
                        timeline.say("at " + index);
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
    }

    private void register(Http http, int index) throws InterruptedException {
        put(http, "/v1/queues/q-" + index, "{}");
        put(
                http,
                "/v1/bots/b-" + index,
                "{\"triggers\":[\"q-" + index + "\"],\"handler\":{\"type\":\"java\",\"class\":\""
                        + FaultHandler.class.getName() + "\",\"settings\":{\"shape\":\"each\",\"to\":\"out-"
                        + index % OUTPUTS + "\"}}}");
    }

    private static void put(Http http, String path, String body) throws InterruptedException {
        Http.Answer answer = http.put(path, body, REQUEST);
        for (int attempt = 1; !answer.isOk() && attempt < 10; attempt++) {
            Thread.sleep(500);
            answer = http.put(path, body, REQUEST);
        }
        if (!answer.isOk()) {
            throw new IllegalStateException(path + " was not taken: " + answer);
        }
    }

    private static void append(Http http, int index) throws InterruptedException {
        Http.Answer answer = http.post(
                "/v1/queues/q-" + index + "/events", Map.of(), "{\"payload\":{\"v\":\"s-" + index + "\"}}", REQUEST);
        if (!answer.isOk()) {
            throw new IllegalStateException("an event was not taken: " + answer);
        }
    }

    private void awaitReady() throws InterruptedException {
        long start = System.nanoTime();
        for (URI node : nodes) {
            while (!Http.once(node, "GET", "/health/ready", Map.of(), null, REQUEST)
                    .isOk()) {
                giveUpAfter(start, node + " isn't ready");
                Thread.sleep(250);
            }
        }
        timeline.say("all nodes are ready");
    }

    /** {@return bytes alive on all nodes once no actor of a queue or bot is} */
    private long awaitRest(String what) throws InterruptedException {
        long start = System.nanoTime();
        List<Heap> heaps;
        do {
            giveUpAfter(start, "the nodes don't come to rest");
            Thread.sleep(3_000);
            heaps = bus.nodes().stream().map(Heap::of).toList();
            timeline.say(what + ": " + heaps);
        } while (!heaps.stream().allMatch(Heap::isAtRest));
        return heaps.stream().mapToLong(Heap::bytes).sum();
    }

    private Map<String, Long> awaitHandled(Map<String, Long> sent) throws InterruptedException {
        long start = System.nanoTime();
        Map<String, Long> handled = new HashMap<>();
        while (handled.size() < sent.size() && System.nanoTime() - start < PATIENCE.toNanos()) {
            Thread.sleep(1_000);
            handled.clear();
            new HistoryFiles(directory.resolve("history")).forEach(line -> {
                if (line.operation() instanceof Operation.Handled one) {
                    handled.merge(one.run().bot(), one.call().from(), Math::min);
                }
            });
        }
        return handled;
    }

    private static void giveUpAfter(long start, String what) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
            throw new IllegalStateException(what + " within " + PATIENCE);
        }
    }
}
