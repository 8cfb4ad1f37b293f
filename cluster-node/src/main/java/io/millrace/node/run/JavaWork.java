package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.BotHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/** Calls a java handler, on a thread of the pool. */
final class JavaWork implements Work {
    private final Supplier<BotHandler> handlers;
    private final HandlerPool pool;
    private final Scene scene;
    private volatile CompletableFuture<?> handling = CompletableFuture.completedFuture(null);
    private volatile boolean ended;
    private @Nullable BotHandler handler;
    private @Nullable Windows windows;

    /** @param handlers makes a handler, and another one each time that the run begins anew or one has failed */
    JavaWork(Supplier<BotHandler> handlers, HandlerPool pool, Scene scene) {
        this.handlers = handlers;
        this.pool = pool;
        this.scene = scene;
    }

    @Override
    public Flow<Batch, Passage, NotUsed> flow() {
        return Flow.of(Batch.class).mapAsync(1, this::handle).mapConcat(passages -> passages);
    }

    private CompletionStage<List<Passage>> handle(Batch batch) {
        if (batch.events().isEmpty() && windows == null) {
            return CompletableFuture.completedStage(List.of());
        }
        return onThread(() -> {
            handler();
            return windows == null ? scene.trials().take(batch, this::handled) : List.copyOf(windows.take(batch));
        });
    }

    @Override
    public CompletionStage<Map<QueueName, List<Append>>> produce() {
        return onThread(() -> {
            Production production = new Production(scene.run(), scene.info());
            handlers.get().handle(List.of(), production);
            return production.appends();
        });
    }

    private <T> CompletionStage<T> onThread(Callable<T> call) {
        CompletableFuture<T> work = pool.call(() -> {
            if (ended) {
                throw new IllegalStateException("aborted");
            }
            return call.call();
        });
        handling = work;
        if (ended) {
            work.cancel(true); // the end has perhaps seen the work before
        }
        return work;
    }

    private BotHandler handler() {
        BotHandler current = handler;
        if (current == null) {
            current = handlers.get();
            handler = current;
            windows = current instanceof WindowHandler windowed
                    ? new Windows(
                            windowed,
                            scene.run(),
                            scene.info(),
                            queue -> scene.ends().of(queue.value()))
                    : null;
        }
        return current;
    }

    private Handled handled(Batch batch) throws Exception {
        if (ended) {
            throw new InterruptedException("aborted");
        }
        BotHandler current = handler();
        handler = null; // one that throws is not to be used any more
        Output output = new Output(scene.run(), scene.info(), batch.events());
        Thread.currentThread().setContextClassLoader(current.getClass().getClassLoader());
        current.handle(batch.events(), output.emitter(batch.events()));
        Handled handled = Handled.of(batch, output.appends());
        handler = current;
        return handled;
    }

    @Override
    public CompletionStage<?> again() {
        return handling.handle((handled, interrupted) -> {
            handler = null;
            windows = null;
            return true;
        });
    }

    @Override
    public void stop() {
        // It waits for nothing.
    }

    @Override
    public void end() {
        ended = true;
        handling.cancel(true);
    }

    @Override
    public boolean isBehind(long now) {
        return windows != null && windows.isBehind(now);
    }
}
