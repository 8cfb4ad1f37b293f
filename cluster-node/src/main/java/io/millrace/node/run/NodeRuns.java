package io.millrace.node.run;

import io.millrace.node.application.Bots;
import io.millrace.node.application.Queues;
import io.millrace.node.application.SteadyClock;
import io.millrace.node.application.Ticker;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.stream.Materializer;

/** Runs java handlers on this node, and calls webhooks from it. */
public final class NodeRuns implements RunLauncher {
    private final JavaHandlers handlers;
    private final WebhookHandlers webhooks;
    private final HandlerPool pool;
    private final Queues queues;
    private final Supplier<Bots> bots;
    private final Duration linger;
    private final Clock clock;
    private final Ticker ticker;
    private final Materializer materializer;
    private final boolean registeredWritesOnly;

    /**
     * Needs what a run needs.
     *
     * @param bots asked for at the first run: bots and their runs know each other
     * @param clock what leases are granted by; read when a run begins
     * @param ticker what they are measured with
     * @param linger how long a run waits at the tail for more
     * @param registeredWritesOnly whether a run may write only what its bot is registered to write
     */
    public NodeRuns(
            JavaHandlers handlers,
            WebhookHandlers webhooks,
            HandlerPool pool,
            Queues queues,
            Supplier<Bots> bots,
            Duration linger,
            Clock clock,
            Ticker ticker,
            Materializer materializer,
            boolean registeredWritesOnly) {
        this.handlers = handlers;
        this.webhooks = webhooks;
        this.pool = pool;
        this.queues = queues;
        this.bots = bots;
        this.linger = linger;
        this.clock = clock;
        this.ticker = ticker;
        this.materializer = materializer;
        this.registeredWritesOnly = registeredWritesOnly;
    }

    @Override
    public boolean knows(String handlerClass) {
        return handlers.knows(handlerClass);
    }

    @Override
    public List<InputError> check(HandlerSpec handler, List<String> triggers) {
        return handler instanceof HandlerSpec.Webhook webhook
                ? webhooks.check(webhook)
                : handler instanceof HandlerSpec.Java java ? handlers.check(java, triggers) : List.of();
    }

    @Override
    public boolean takesLanes(HandlerSpec handler) {
        return !(handler instanceof HandlerSpec.Java java) || handlers.takesLanes(java);
    }

    @Override
    public RunHandle launch(RunOrder given) {
        RunOrder order = registeredWritesOnly ? given : given.writingAny();
        NodeRun run =
                order.handler() instanceof HandlerSpec.Webhook webhook ? webhookRun(order, webhook) : javaRun(order);
        run.start(materializer);
        return run;
    }

    private NodeRun javaRun(RunOrder given) {
        if (!(given.handler() instanceof HandlerSpec.Java java)) {
            throw new AssertionError("no run of a node's: " + given.handler());
        }
        // Windows end where they end: nothing is to be gathered before.
        RunOrder order = handlers.hasWindows(java) ? given.withBatch(null) : given;
        return run(order, scene -> new JavaWork(() -> handlers.create(java), pool, scene));
    }

    private NodeRun webhookRun(RunOrder given, HandlerSpec.Webhook webhook) {
        RunOrder order = given.withBatch(WebhookBatches.of(given.batch()));
        return run(order, scene -> new LaterWork(() -> webhooks.create(order, webhook, scene.clock()), scene));
    }

    private NodeRun run(RunOrder order, Function<Work.Scene, Work> maker) {
        // The run lasts as long as it was granted for, though the clock of the day may jump.
        return new NodeRun(order, maker, queues, bots.get(), linger, SteadyClock.from(clock, ticker));
    }
}
