package io.millrace.node.simulation;

import io.millrace.node.bot.PlantedInBot;
import io.millrace.node.bot.SimulatedBot;
import io.millrace.node.journal.Planted;
import io.millrace.node.queue.PlantedInQueue;

/** What is planted in place of the honest parts, to see that it is found. */
record Bugs(Planted log, PlantedInQueue queue, PlantedInBot bot, Runs runs) {
    /** How a run does its work. */
    @FunctionalInterface
    interface Runs {
        Run run(World world, Machine machine, SimulatedBot.Grant grant);
    }

    static final Bugs NONE = new Bugs(Planted.NOTHING, PlantedInQueue.NOTHING, PlantedInBot.NOTHING, Run::new);

    static Bugs in(Planted log) {
        return new Bugs(log, PlantedInQueue.NOTHING, PlantedInBot.NOTHING, Run::new);
    }

    static Bugs in(PlantedInQueue queue) {
        return new Bugs(Planted.NOTHING, queue, PlantedInBot.NOTHING, Run::new);
    }

    static Bugs in(PlantedInBot bot) {
        return new Bugs(Planted.NOTHING, PlantedInQueue.NOTHING, bot, Run::new);
    }

    static Bugs in(Runs runs) {
        return new Bugs(Planted.NOTHING, PlantedInQueue.NOTHING, PlantedInBot.NOTHING, runs);
    }

    Run run(World world, Machine machine, SimulatedBot.Grant grant) {
        return runs.run(world, machine, grant);
    }
}
