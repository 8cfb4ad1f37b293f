package io.millrace.node.run;

import io.millrace.node.application.RunRef;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.EventHandler;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.lane.Lane;
import io.millrace.protocol.pace.Ramp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** One run on queues and bots in memory. */
abstract class RunScene {
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    static ActorTestKit kit;

    static final QueueName A = new QueueName("a");
    static final EventHandler COPY = (event, out) -> out.emit("b", event.payload());

    final MemoryQueues queues = new MemoryQueues();
    final MemoryBots bots = new MemoryBots();
    final HandlerPool pool = new HandlerPool(4);
    final List<String> handled = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<?> ended = new CompletableFuture<>();
    List<String> triggers = List.of("a");
    Map<String, Checkpoint> checkpoints = Map.of();
    BotConfig.@Nullable Batch batch;
    Caution caution = Caution.NONE;

    @Nullable
    Ramp rate;

    @Nullable
    Lane lane;

    @Nullable
    List<String> writes;

    Duration lease = Duration.ofSeconds(60);
    Duration reading = Duration.ofSeconds(48);

    @BeforeAll
    static void begin() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void shutDown() {
        kit.shutdownTestKit();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /** The event of {@code source} that the last one of {@code queue} was made from. */
    Event last(String queue, String source) {
        int number = Integer.parseInt(
                queues.payloads(queue).get(queues.payloads(queue).size() - 1));
        return queues.events(source).get(number);
    }

    BotHandler noting(EventHandler handler) {
        return (EventHandler) (event, out) -> {
            handled.add(event.payload().toString());
            handler.handle(event, out);
        };
    }

    NodeRun start(BotHandler handler) {
        NodeRun run = run(() -> handler);
        ended = run.start(Materializer.createMaterializer(kit.system())).toCompletableFuture();
        return run;
    }

    NodeRun run(java.util.function.Supplier<BotHandler> handler) {
        return new NodeRun(
                order(),
                scene -> new JavaWork(handler, pool, scene),
                queues,
                bots,
                Duration.ofMillis(200),
                Clock.systemUTC());
    }

    RunOrder order() {
        Instant now = Instant.now();
        RunRef ref = new RunRef(new BotId("copy"), "run-1", 1, 0, now.plus(lease));
        return new RunOrder(
                ref,
                now.plus(reading),
                triggers,
                checkpoints,
                batch,
                new HandlerSpec.Java("io.example.Copy", null),
                RunReason.EVENTS,
                null,
                caution,
                rate,
                lane,
                writes);
    }

    RunProtocol.Complete awaitEnd() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !bots.completed().isEmpty());
        return completed();
    }

    RunProtocol.Complete completed() {
        return bots.completed().get(0);
    }

    void awaitQuiet() {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(ended::isDone);
    }

    /** The last checkpoint that was told, on the way or at the end. */
    Position reached() {
        Checkpoint atEnd = Objects.requireNonNull(completed().checkpoints()).get("a");
        if (atEnd != null) {
            return atEnd.checkpoint();
        }
        List<Map<QueueName, Checkpoint>> all = bots.checkpointed();
        return Objects.requireNonNull(all.get(all.size() - 1).get(A)).checkpoint();
    }

    Event last(String queue) {
        List<Event> events = queues.events(queue);
        return events.get(events.size() - 1);
    }
}
