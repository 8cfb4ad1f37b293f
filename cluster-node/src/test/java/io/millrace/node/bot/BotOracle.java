package io.millrace.node.bot;

import io.millrace.node.simulation.Violation;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/** What a bot's log holds, told record by record as they are committed; finds what must not be there. */
public final class BotOracle {
    private final String bot;
    private final BiConsumer<String, Position> processed;
    private final Set<EventId> dead = new HashSet<>();
    private BotState state = BotState.EMPTY;

    /** @param processed throws where a queue wasn't processed up to a position */
    public BotOracle(String bot, BiConsumer<String, Position> processed) {
        this.bot = bot;
        this.processed = processed;
    }

    public void committed(Object record) {
        if (record instanceof BotEvent.RunStarted started) {
            if (state.run() != null) {
                throw new Violation("bot " + bot + ": overlapping lease: epoch " + started.epoch() + " began before "
                        + state.run().epoch() + " had ended");
            }
            if (started.epoch() <= state.epoch()) {
                throw new Violation("bot " + bot + ": epoch " + started.epoch() + " after " + state.epoch());
            }
        } else if (record instanceof BotEvent.Checkpointed moved) {
            if (state.run() == null || state.run().epoch() != moved.epoch()) {
                throw new Violation("bot " + bot + ": stale effect: a checkpoint of epoch " + moved.epoch()
                        + " while the run is " + state.run());
            }
            if (moved.at() >= state.run().deadline()) {
                throw new Violation("bot " + bot + ": a checkpoint of epoch " + moved.epoch() + " after its lease");
            }
            moved.read().forEach(this::moved);
        } else if (record instanceof BotEvent.Suspected suspected) {
            suspected(suspected);
        }
        state = state.apply((BotEvent) record);
    }

    private void suspected(BotEvent.Suspected record) {
        Suspect suspect = record.suspect();
        if (state.run() == null || state.run().epoch() != record.epoch()) {
            throw new Violation("bot " + bot + ": stale effect: a verdict of epoch " + record.epoch()
                    + " while the run is " + state.run());
        }
        if (suspect.verdict() == null) {
            return;
        }
        if (suspect.attempts() < SimulatedBot.ATTEMPTS) {
            throw new Violation(
                    "bot " + bot + ": " + suspect.eid() + " is given up after " + suspect.attempts() + " attempts");
        }
        dead.add(suspect.eid());
    }

    /** Whether it stands in the log that an event is to be among the dead letters. */
    public boolean isDead(EventId eid) {
        return dead.contains(eid);
    }

    private void moved(String queue, Checkpoint to) {
        if (to.checkpoint().toString().compareTo(state.position(queue).toString()) < 0) {
            throw new Violation("bot " + bot + ": checkpoint of " + queue + " went back from " + state.position(queue)
                    + " to " + to.checkpoint());
        }
        processed.accept(queue, to.checkpoint());
    }

    /** The epoch of its last run. */
    public long epoch() {
        return state.epoch();
    }

    public Position position(String queue) {
        return state.position(queue);
    }
}
