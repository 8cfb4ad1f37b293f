package io.millrace.node;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Copies numbers into the queue of setting {@code to}, but for what setting {@code how} makes of it. Found by its name. */
public final class Unruly implements EventHandler {
    static final AtomicInteger DEAF = new AtomicInteger();
    static final CountDownLatch HEARS = new CountDownLatch(1);

    @Override
    public void handle(Event event, Emitter out) throws Exception {
        String to = out.run().settings().get("to").asText();
        int number = event.payload().tree().asInt();
        switch (out.run().settings().get("how").asText()) {
            case "countTo5" -> {
                if (number < 5) {
                    out.emit(to, number + 1);
                }
                return;
            }
            case "hangAt4" -> {
                if (number == 4) {
                    Thread.sleep(Long.MAX_VALUE);
                }
            }
            case "deafOnce" -> {
                if (DEAF.compareAndSet(0, 1)) {
                    awaitDeaf();
                }
            }
            case "badName" -> to = number == 4 ? "../" + to : to;
            case "hugeAt4" -> {
                if (number == 4) {
                    out.emit(to, "x".repeat(5 << 20));
                }
            }
            case "unwritable" -> {
                if (number == 4) {
                    out.emit(to, new Object());
                }
            }
            case "throwAt4" -> {
                if (number == 4) {
                    throw new IllegalStateException("can't " + number);
                }
            }
            case "error" -> {
                if (number == 4) {
                    throw new StackOverflowError("StackOverflow");
                }
            }
            default -> throw new IllegalArgumentException("no such way");
        }
        out.emit(to, event.payload());
    }

    private static void awaitDeaf() {
        while (HEARS.getCount() > 0) {
            try {
                HEARS.await();
            } catch (InterruptedException e) {
                // it doesn't listen
            }
        }
    }
}
