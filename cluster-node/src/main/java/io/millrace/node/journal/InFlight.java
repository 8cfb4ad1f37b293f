package io.millrace.node.journal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets work of a limited weight be under way, a limited number wait in order, and refuses the rest. */
final class InFlight {
    private final String what;
    private final long limit;
    private final int waitingLimit;
    private final Queue<Waiting<?>> waiting = new ArrayDeque<>();
    private long weight;
    private boolean draining;

    InFlight(String what, long limit, int waitingLimit) {
        this.what = what;
        this.limit = limit;
        this.waitingLimit = waitingLimit;
    }

    /** {@return what {@code work} comes to, or {@link JournalBusyException} when it wasn't started} */
    <T> CompletionStage<T> run(long itsWeight, Supplier<CompletionStage<T>> work) {
        var mine = new Waiting<>(itsWeight, work);
        synchronized (this) {
            if (!waiting.isEmpty() || !fits(itsWeight)) {
                if (waiting.size() >= waitingLimit) {
                    return CompletableFuture.failedFuture(
                            new JournalBusyException("too many " + what + " wait already: " + waiting.size()));
                }
                waiting.add(mine);
                return mine.done;
            }
            weight += itsWeight;
        }
        start(mine);
        return mine.done;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    // What is heavier than the limit itself goes alone.
    private boolean fits(long more) {
        return weight == 0 || weight + more <= limit;
    }

    private <T> void start(Waiting<T> one) {
        Failures.caught(one.work).whenComplete((value, failure) -> {
            release(one.weight);
            if (failure == null) {
                one.done.complete(value);
            } else {
                one.done.completeExceptionally(failure);
            }
        });
    }

    // One thread at a time starts what waits, in a loop: work that fails at once must not recurse.
    private void release(long freed) {
        synchronized (this) {
            weight -= freed;
            if (draining) {
                return;
            }
            draining = true;
        }
        for (Waiting<?> next = takeNext(); next != null; next = takeNext()) {
            start(next);
        }
    }

    private synchronized @Nullable Waiting<?> takeNext() {
        Waiting<?> head = waiting.peek();
        if (head == null || !fits(head.weight)) {
            draining = false;
            return null;
        }
        weight += head.weight;
        return waiting.remove();
    }

    private static final class Waiting<T> {
        final long weight;
        final Supplier<CompletionStage<T>> work;
        final CompletableFuture<T> done = new CompletableFuture<>();

        Waiting(long weight, Supplier<CompletionStage<T>> work) {
            this.weight = weight;
            this.work = work;
        }
    }
}
