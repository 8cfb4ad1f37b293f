package io.millrace.node.simulation;

import io.millrace.node.bot.PlantedInBot;
import io.millrace.node.bot.SimulatedBot;
import io.millrace.node.journal.Planted;
import io.millrace.node.queue.PlantedInQueue;

/** What is planted in place of the honest parts, to see that it is found. */
record Bugs(Planted log, PlantedInQueue queue, PlantedInBot bot, boolean checkpointsTooEarly) {
    static final Bugs NONE = new Bugs(Planted.NOTHING, PlantedInQueue.NOTHING, PlantedInBot.NOTHING, false);

    static Bugs in(Planted log) {
        return new Bugs(log, PlantedInQueue.NOTHING, PlantedInBot.NOTHING, false);
    }

    static Bugs in(PlantedInQueue queue) {
        return new Bugs(Planted.NOTHING, queue, PlantedInBot.NOTHING, false);
    }

    static Bugs in(PlantedInBot bot) {
        return new Bugs(Planted.NOTHING, PlantedInQueue.NOTHING, bot, false);
    }

    static Bugs inRuns() {
        return new Bugs(Planted.NOTHING, PlantedInQueue.NOTHING, PlantedInBot.NOTHING, true);
    }

    Run run(World world, Machine machine, SimulatedBot.Grant grant) {
        return checkpointsTooEarly
                ? new Run.CheckpointsTooEarly(world, machine, grant)
                : new Run(world, machine, grant);
    }
}
