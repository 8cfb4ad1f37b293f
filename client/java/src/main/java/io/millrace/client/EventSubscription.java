package io.millrace.client;

import io.millrace.client.internal.Futures;
import io.millrace.protocol.Event;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's read. All signals come from {@link #drain}, which at most one thread runs at a time: whoever raises
 * {@code wanted} from zero schedules it, and it goes round until it has seen all raises. Pages are fetched only while
 * there is demand.
 */
final class EventSubscription implements Flow.Subscription {
    private final PageStream pages;
    private final Executor executor;
    private final Flow.Subscriber<? super Event> subscriber;
    private final AtomicInteger wanted = new AtomicInteger();
    private final AtomicLong demand = new AtomicLong();
    private long bytesLeft;
    private boolean fetching;
    private @Nullable Page page;
    private @Nullable Event next;
    private boolean done;
    private volatile boolean cancelled;
    private volatile @Nullable Page arrived;
    private volatile @Nullable Throwable failure;

    EventSubscription(PageStream pages, long mostBytes, Executor executor, Flow.Subscriber<? super Event> subscriber) {
        this.pages = pages;
        this.bytesLeft = mostBytes;
        this.executor = executor;
        this.subscriber = subscriber;
    }

    void begin() {
        wanted.set(1); // holds signals back until onSubscribe has returned
        try {
            subscriber.onSubscribe(this);
        } catch (RuntimeException e) {
            cancel(); // the subscriber broke the rules: nobody is there to tell
        }
        executor.execute(this::drain);
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            failure = new IllegalArgumentException("request(n) takes n of at least 1 (reactive streams rule 3.9)");
        } else {
            demand.accumulateAndGet(n, (have, more) -> have + more < 0 ? Long.MAX_VALUE : have + more);
        }
        wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        pages.cancel();
    }

    private void wake() {
        if (wanted.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
    }

    private void drain() {
        int seen = wanted.get();
        do {
            try {
                emit();
            } catch (RuntimeException e) {
                done = true;
                cancel();
                if (!(e instanceof SubscriberFailed)) {
                    subscriber.onError(e);
                }
            }
            seen = wanted.addAndGet(-seen);
        } while (seen != 0);
    }

    /** The subscriber threw, which rule 2.13 takes for a cancel. */
    private static final class SubscriberFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SubscriberFailed(Throwable cause) {
            super(cause);
        }
    }

    private void emit() {
        while (!done && !cancelled) {
            Throwable failed = failure;
            if (failed != null) {
                end(failed);
                return;
            }
            if (bytesLeft <= 0) {
                end(null);
                return;
            }
            Page came = arrived;
            if (came != null) {
                arrived = null;
                fetching = false;
                page = came;
            }
            if (page == null) {
                if (demand.get() > 0) {
                    fetch();
                }
                return;
            }
            if (!emitFrom(page)) {
                return;
            }
        }
    }

    /** Gives what is asked for, and completes without being asked; true if it may go on. */
    private boolean emitFrom(Page from) {
        while (!cancelled && failure == null && bytesLeft > 0) {
            Event event = next == null ? from.nextEvent() : next;
            next = event;
            if (event == null) {
                page = null;
                if (from.isEnd()) {
                    end(null);
                }
                return true;
            }
            if (demand.get() == 0) {
                return false;
            }
            demand.getAndUpdate(have -> have == Long.MAX_VALUE ? have : have - 1);
            bytesLeft -= event.payload().length();
            next = null;
            try {
                subscriber.onNext(event);
            } catch (RuntimeException e) {
                throw new SubscriberFailed(e);
            }
        }
        return true;
    }

    private void end(@Nullable Throwable failed) {
        done = true;
        pages.cancel();
        if (failed == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failed);
        }
    }

    private void fetch() {
        if (fetching) {
            return;
        }
        fetching = true;
        Futures.onDone(pages.next(), (came, failed) -> {
            if (failed != null) {
                failure = Replies.of(failed);
            } else {
                arrived = came;
            }
            wake();
        });
    }
}
