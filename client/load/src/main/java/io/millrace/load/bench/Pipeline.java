package io.millrace.load.bench;

import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import io.millrace.load.handler.AddField;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * W4: a bot takes events that wait in one queue, parses each, adds a field and writes it into the next queue, effectively once,
 * with a checkpoint each 1,000. From its registration until its last checkpoint stands at the last event.
 */
final class Pipeline implements Workload {
    private static final int EVENTS = 500_000;
    private static final int WARM = 50_000;
    private static final int CHECKPOINT_EVERY = 1_000; // the default of workers and of batches
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long POLL_MS = 20;

    private final Stage stage;
    private final boolean onNode;

    /** @param onNode whether the handler runs on the node, else as a worker in this process */
    Pipeline(Stage stage, boolean onNode) {
        this.stage = stage;
        this.onNode = onNode;
    }

    @Override
    public boolean warmUp(int round) throws InterruptedException {
        run(stage.options().warm(WARM), -round);
        return true;
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        return List.of(run(stage.options().events(EVENTS), rep));
    }

    private Result run(int n, int rep) throws InterruptedException {
        String name = (onNode ? "w4-java-" : "w4-") + rep;
        String from = stage.queue(name);
        String to = stage.queue(name + "-out");
        stage.load(from, stage.events(), n, stage.options().load());
        EventId last = stage.millrace().queues().get(from).orElseThrow().last();
        if (last == null) {
            throw new IllegalStateException("nothing was loaded");
        }
        Meter meter = stage.meter();
        Usage usage;
        try (OneBot bot = OneBot.start(stage.millrace(), stage.name(name), from, to, AddField.class, onNode)) {
            awaitCheckpoint(bot, from, Position.of(last));
            usage = meter.stop();
        }
        Result result = new Result(onNode ? "W4-eo-java" : "W4-eo", rep)
                .put("checkpointEvery", CHECKPOINT_EVERY)
                .usage(usage, n);
        Reading reading = Reading.of(stage.millrace(), to, Pipeline::processed);
        stage.purge(from, to);
        return reading.tell(result, n);
    }

    private void awaitCheckpoint(OneBot bot, String queue, Position last) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            BotInfo info = stage.millrace().bots().get(bot.bot()).orElseThrow();
            Checkpoint checkpoint = info.checkpoints().read().get(queue);
            if (checkpoint != null && checkpoint.checkpoint().equals(last)) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("the bot isn't through after " + LIMIT + ": " + bot.trouble());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }

    /** The number of an event that was changed as it should be, else one that is out of place. */
    private static long processed(Payload payload) {
        var tree = payload.tree();
        return tree.path("processed").asBoolean() ? tree.path("orderId").asLong(-1) : -1;
    }
}
