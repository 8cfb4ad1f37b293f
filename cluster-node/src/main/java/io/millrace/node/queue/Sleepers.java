package io.millrace.node.queue;

import io.millrace.node.cluster.Moves;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The bots that found nothing more and sleep until the next append (design D8). Whom it wakes it also notes for the sweeper,
 * since the wake-up may get lost. Bounded by the queue's subscribers, and by {@link #MAX_WAITING} while they become that.
 */
final class Sleepers {
    /** Bots that may wait for the queue to recover or to subscribe them; more are left out, they repeat themselves. */
    static final int MAX_WAITING = 10_000;

    /**
     * How often a queue that takes events has those look that are awake as far as it knows, ms: long for bots that do run,
     * or are paused; short for one that was stopped with its node or moved with its shard.
     */
    static final long ROUND_MILLIS = 30_000;

    private final Set<String> asleep = new HashSet<>();
    private final Map<String, QueueCommand.Sleep> waiting = new HashMap<>();
    private final String queue;
    private final BotSignals bots;
    private final Moves moves;
    private boolean paused;
    private long roundAt;

    Sleepers(String queue, BotSignals bots, Moves moves) {
        this.queue = queue;
        this.bots = bots;
        this.moves = moves;
    }

    /** Takes a bot that wants to sleep; false if it must be subscribed first. */
    boolean offer(QueueCommand.Sleep sleep, QueueState state) {
        if (!state.subscribers().contains(sleep.bot())) {
            return false;
        }
        if (!state.isPaused() && hasEventsAfter(state, sleep.position())) {
            wake(sleep.bot(), state);
            return true;
        }
        asleep.add(sleep.bot());
        if (state.isPaused()) {
            hold(sleep.bot());
        } else {
            moves.settled(queue, sleep.bot());
            bots.asleep(sleep.bot(), queue);
        }
        return true;
    }

    /** Keeps a bot until the queue has recovered, or its subscription is durable. */
    void await(QueueCommand.Sleep sleep) {
        if (waiting.size() < MAX_WAITING) {
            waiting.put(sleep.bot(), sleep);
        }
    }

    private static boolean hasEventsAfter(QueueState state, Position position) {
        return state.first() != null && position.isBefore(state.last());
    }

    /**
     * After a recovery nobody knows who sleeps: all subscribers are taken to. None has to look: what the last owner has
     * committed it has woken and noted them for, or the sweep after its loss has them look. That it had paused the queue it
     * may have told nobody.
     *
     * @param now ms of the ticker
     * @return who has waited for it
     */
    List<QueueCommand.Sleep> recovered(QueueState state, long now) {
        asleep.addAll(state.subscribers());
        roundAt = now;
        paused = state.isPaused();
        if (paused) {
            state.subscribers().forEach(this::hold);
        }
        List<QueueCommand.Sleep> waited = List.copyOf(waiting.values());
        waiting.clear();
        return waited;
    }

    /** A commit may have been made or not, and this owner may not live to see which. */
    void unknown(QueueState before, EventId last) {
        if (last.isAfter(before.last()) || (before.isPaused() && before.first() != null)) {
            noteAll(before, last);
        }
    }

    /**
     * After a commit.
     *
     * @param now ms of the ticker
     */
    void committed(QueueState state, boolean somethingNew, long now) {
        if (state.isPaused() != paused) {
            paused = state.isPaused();
            if (paused) {
                state.subscribers().forEach(this::hold);
            } else {
                release(state);
            }
        }
        if (somethingNew && !paused) {
            wakeAll(state);
            if (now - roundAt >= ROUND_MILLIS) {
                roundAt = now;
                noteAll(state, state.last());
            }
        }
        if (!waiting.isEmpty()) {
            waiting.values().removeIf(sleep -> offer(sleep, state));
        }
    }

    /** Nobody is woken, not by the sweeper either, while the queue is paused. */
    private void hold(String bot) {
        moves.settled(queue, bot);
        bots.held(bot, queue);
    }

    /** Where each subscriber stands isn't known here: most have left memory meanwhile, and perhaps the queue had too. */
    private void release(QueueState state) {
        for (String bot : state.subscribers()) {
            if (state.first() == null) {
                bots.asleep(bot, queue);
            } else {
                moves.moved(queue, state.last(), bot);
                bots.look(bot, queue, state.last());
            }
        }
    }

    private void wakeAll(QueueState state) {
        if (!asleep.isEmpty()) {
            Set<String> woken = Set.copyOf(asleep);
            asleep.clear();
            woken.forEach(bot -> wake(bot, state));
        }
    }

    private void wake(String bot, QueueState state) {
        moves.moved(queue, state.last(), bot);
        bots.wake(bot, queue);
    }

    private void noteAll(QueueState state, EventId last) {
        state.subscribers().forEach(bot -> moves.moved(queue, last, bot));
    }
}
