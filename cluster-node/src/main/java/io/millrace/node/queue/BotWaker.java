package io.millrace.node.queue;

/** Wakes a bot because events wait for it; how and where it lives is not the queue's to know. */
@FunctionalInterface
public interface BotWaker {
    /** Sends the wake-up and returns at once; it may get lost, the sweeper finds what was (design D8). */
    void wake(String bot, String queue);
}
