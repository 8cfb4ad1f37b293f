package io.millrace.node.bot;

import io.millrace.node.run.RunHandle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is only of the moment: which triggers have events, what was heard of them and of the run. Times are ticks, ms: they
 * only go on. Lost without harm: the bot asks its queues again.
 */
final class BotMoment {
    private static final long REPEAT_MILLIS = 1_000;

    private final Set<String> eventsWait = new HashSet<>();
    private final Map<String, Long> unheard = new HashMap<>();
    private final Set<String> held = new HashSet<>();
    private @Nullable RunHandle handle;
    private boolean forced;
    private boolean stopping;
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
        held.remove(queue);
        eventsWait.add(queue);
    }

    void nothingWaits(String queue) {
        unheard.remove(queue);
        held.remove(queue);
        eventsWait.remove(queue);
    }

    /**
     * The queue says that nothing waits. Only where it is still being asked: a wake-up that came meanwhile is newer than an
     * answer that arrives after it, whatever took that answer so long.
     */
    void asleep(String queue) {
        if (unheard.containsKey(queue)) {
            nothingWaits(queue);
        }
    }

    /** The queue is paused: it isn't to be read, and will wake the bot when that ends. */
    void hold(String queue) {
        unheard.remove(queue);
        eventsWait.remove(queue);
        if (held.add(queue)) {
            stopRun(); // one that began later leaves the queue out
        }
    }

    boolean isHeld(String queue) {
        return held.contains(queue);
    }

    /** The queues of these that are to be read. */
    List<String> readable(List<String> triggers) {
        return triggers.stream().filter(queue -> !held.contains(queue)).toList();
    }

    boolean hasEvents(String queue) {
        return eventsWait.contains(queue);
    }

    /** Forgets what was heard of all other queues, and gives their names. */
    Set<String> retain(List<String> triggers) {
        Set<String> others = new HashSet<>(eventsWait);
        triggers.forEach(others::remove);
        others.forEach(this::nothingWaits);
        return others;
    }

    void force() {
        forced = true;
    }

    boolean isForced() {
        return forced;
    }

    /** Whether a run is wanted now. */
    boolean wantsRun(long now) {
        return hasReason() && notBefore <= now;
    }

    /** Whether there is something to run for, now or after a rest. */
    boolean hasReason() {
        return forced || !eventsWait.isEmpty();
    }

    /** Whether a queue has yet to be heard of. */
    boolean isAsking() {
        return !unheard.isEmpty();
    }

    /** Whether time alone may change something. */
    boolean isWaiting() {
        return isAsking() || hasReason();
    }

    void runStarted(@Nullable RunHandle started, long now) {
        handle = started;
        stopping = false;
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

    /** The run is to read no more, wherever it is. */
    void stopRun() {
        stopping = true;
        if (handle != null) {
            handle.stop();
        }
    }

    /** What the run's worker is told, seen from the moment. */
    BotReply inform(BotReply reply) {
        return stopping && reply instanceof BotReply.Alive alive ? new BotReply.Alive(true, alive.deadline()) : reply;
    }

    /**
     * Notes the end of a run. What woke the bot meanwhile was the run's to read: the queues are to be asked anew.
     *
     * @param restMillis how long no other run is to start
     */
    void runEnded(long now, long restMillis) {
        eventsWait.clear();
        stopping = false;
        if (handle != null) {
            handle.abort();
            handle = null;
        }
        notBefore = now + restMillis;
    }
}
