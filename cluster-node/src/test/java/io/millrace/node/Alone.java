package io.millrace.node;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how many of its kind are at work at a time, and takes its time for that. For one test only. */
public final class Alone implements BotHandler {
    static final AtomicInteger GREATEST = new AtomicInteger();
    static final AtomicInteger HANDLED = new AtomicInteger();
    private static final AtomicInteger AT_WORK = new AtomicInteger();

    @Override
    public void handle(List<Event> events, Emitter out) throws InterruptedException {
        GREATEST.accumulateAndGet(AT_WORK.incrementAndGet(), Math::max);
        Thread.sleep(20);
        HANDLED.addAndGet(events.size());
        AT_WORK.decrementAndGet();
    }
}
