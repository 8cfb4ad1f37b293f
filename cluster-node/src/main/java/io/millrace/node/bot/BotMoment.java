package io.millrace.node.bot;

import io.millrace.node.run.RunHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is only of the moment: which triggers have events, who waits for a run, what was heard. Times in ms. */
final class BotMoment {
    /** Workers that may wait for runs of one bot; each holds a request at its node. */
    static final int MAX_ASKERS = 1_000;

    private static final long REPEAT_MILLIS = 1_000;

    private record Asker(BotCommand.Ask ask, long deadline) {}

    private final Set<String> eventsWait = new HashSet<>();
    private final Map<String, Long> unheard = new HashMap<>();
    private final Deque<Asker> askers = new ArrayDeque<>();
    private @Nullable RunHandle handle;
    private boolean forced;
    private long heardOfRunAt;
    private long notBefore;

    /** Starts to ask a trigger queue whether events wait. */
    void asked(String queue, long now) {
        unheard.put(queue, now + REPEAT_MILLIS);
    }

    /** The queues that have said nothing for too long. */
    Set<String> toAskAgain(long now) {
        Set<String> again = new HashSet<>();
        unheard.forEach((queue, repeatAt) -> {
            if (repeatAt <= now) {
                again.add(queue);
            }
        });
        return again;
    }

    void eventsWait(String queue) {
        unheard.remove(queue);
        eventsWait.add(queue);
    }

    void nothingWaits(String queue) {
        unheard.remove(queue);
        eventsWait.remove(queue);
    }

    void force() {
        forced = true;
    }

    /** False if too many wait already. */
    boolean offer(BotCommand.Ask ask, long now) {
        return askers.size() < MAX_ASKERS && askers.add(new Asker(ask, now + ask.waitMillis()));
    }

    BotCommand.@Nullable Ask nextAsker(long now) {
        expireAskers(now);
        Asker next = askers.pollFirst();
        return next == null ? null : next.ask();
    }

    /** Answers the workers whose time is over. */
    void expireAskers(long now) {
        for (Iterator<Asker> each = askers.iterator(); each.hasNext(); ) {
            Asker asker = each.next();
            if (asker.deadline() <= now) {
                each.remove();
                asker.ask().replyTo().tell(new BotReply.Nothing());
            }
        }
    }

    boolean hasAskers() {
        return !askers.isEmpty();
    }

    /** Whether a run is wanted now. */
    boolean wantsRun(long now) {
        return (forced || !eventsWait.isEmpty()) && notBefore <= now;
    }

    /** Whether time alone may change something. */
    boolean isWaiting() {
        return !unheard.isEmpty() || !askers.isEmpty() || forced || !eventsWait.isEmpty();
    }

    void runStarted(@Nullable RunHandle started, long now) {
        handle = started;
        forced = false;
        eventsWait.clear();
        unheard.clear();
        heardOfRunAt = now;
    }

    void heardOfRun(long now) {
        heardOfRunAt = now;
    }

    boolean isRunLost(long now, long lostAfter) {
        return heardOfRunAt + lostAfter <= now;
    }

    /** Whether a run was started by this incarnation and on this node. */
    boolean isRunningHere() {
        return handle != null;
    }

    void stopRun() {
        if (handle != null) {
            handle.stop();
        }
    }

    /**
     * Notes the end of a run. What woke the bot meanwhile was the run's to read: the queues are to be asked anew.
     *
     * @param restMillis how long no other run is to start
     */
    void runEnded(long now, long restMillis) {
        eventsWait.clear();
        if (handle != null) {
            handle.abort();
            handle = null;
        }
        notBefore = now + restMillis;
    }
}
