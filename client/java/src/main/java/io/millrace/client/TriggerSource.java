package io.millrace.client;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One trigger queue of a run, read after the checkpoint. */
final class TriggerSource {
    private final String queue;
    private final PageStream pages;
    private final List<EventId> ends;
    private @Nullable CompletableFuture<Page> coming;
    private boolean fetchedAhead;
    private @Nullable Page page;
    private @Nullable Event next;
    private boolean idle;

    /** A source whose batches end behind {@code ends} at the latest, whatever their limits; {@code skipped} hears of gaps. */
    TriggerSource(
            Connection connection,
            String queue,
            @Nullable Checkpoint checkpoint,
            WorkerOptions options,
            List<EventId> ends,
            Consumer<Skipped> skipped) {
        this.queue = queue;
        this.ends = ends;
        ReadOptions after =
                checkpoint == null ? ReadOptions.DEFAULT : ReadOptions.DEFAULT.after(checkpoint.checkpoint());
        this.pages = new PageStream(connection, QueueName.of(queue), after.onSkipped(skipped), options.linger());
    }

    String queue() {
        return queue;
    }

    /** True if an event is at hand; asks for more where none is. Doesn't wait. */
    boolean poll() {
        while (next == null) {
            next = page == null ? null : page.nextEvent();
            if (next != null) {
                return true;
            }
            page = null;
            if (idle) {
                return false;
            }
            CompletableFuture<Page> asked = coming == null ? ask() : coming;
            if (!asked.isDone()) {
                return false;
            }
            coming = null;
            Page came = Replies.await(asked);
            // An empty page that was fetched ahead says nothing about now: look again.
            idle = came.events() == 0 && !fetchedAhead;
            page = came;
        }
        return true;
    }

    private CompletableFuture<Page> ask() {
        CompletableFuture<Page> asked = pages.next();
        coming = asked;
        fetchedAhead = asked.isDone();
        return asked;
    }

    /** Looks again where nothing was found: time has passed. */
    void refresh() {
        idle = false;
    }

    /** What to wait for, or null where nothing is to come. */
    @Nullable
    CompletableFuture<Page> coming() {
        return idle ? null : coming;
    }

    /** Takes a batch: what is at hand, and within its time what comes. At least one event must be at hand. */
    List<Event> take(BatchLimits limits) throws InterruptedException {
        List<Event> batch = new ArrayList<>();
        long bytes = 0;
        long end = System.nanoTime() + limits.time().toNanos();
        while (batch.size() < limits.count() && bytes < limits.bytes() && pollUntil(end, batch.isEmpty())) {
            Event event = next;
            if (event == null) {
                throw new AssertionError("poll() found an event");
            }
            if (!batch.isEmpty() && isEndBetween(batch.get(batch.size() - 1).eid(), event.eid())) {
                break;
            }
            next = null;
            batch.add(event);
            bytes += event.payload().length();
        }
        return batch;
    }

    private boolean isEndBetween(EventId before, EventId after) {
        return ends.stream().anyMatch(end -> !before.isAfter(end) && after.isAfter(end));
    }

    private boolean pollUntil(long end, boolean first) throws InterruptedException {
        while (!poll()) {
            CompletableFuture<Page> asked = coming();
            long left = end - System.nanoTime();
            if (first || left <= 0 || asked == null) {
                return false;
            }
            try {
                asked.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                return false; // poll() throws it with the next batch; this one is sound
            }
        }
        return true;
    }

    void cancel() {
        pages.cancel();
    }
}
