package io.millrace.node.bot;

import io.millrace.node.simulation.Machine;
import io.millrace.node.simulation.World;
import java.util.function.Consumer;

/** Bugs of a bot, each in place of one step of the honest one. */
public enum PlantedInBot {
    NOTHING,
    /** A run begins before the queues that the bot writes to know that the one before is over. */
    RUN_BEFORE_FENCES,
    /** What is to be done about an event that fails is told before it is written down. */
    VERDICT_BEFORE_ITS_RECORD;

    /** A bot with this bug. */
    public SimulatedBot bot(World world, Machine machine, String id) {
        return switch (this) {
            case NOTHING -> new SimulatedBot(world, machine, id);
            case RUN_BEFORE_FENCES ->
                new SimulatedBot(world, machine, id) {
                    @Override
                    boolean fencesStand() {
                        super.fencesStand();
                        return true;
                    }
                };
            case VERDICT_BEFORE_ITS_RECORD ->
                new SimulatedBot(world, machine, id) {
                    @Override
                    void judged(BotDecision.Accept decision, Consumer<Object> reply) {
                        reply.accept(verdict(decision, null));
                        judgedSilently(decision);
                    }
                };
        };
    }
}
