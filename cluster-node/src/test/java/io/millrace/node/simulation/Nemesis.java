package io.millrace.node.simulation;

import io.millrace.node.bot.SimulatedBot;
import java.util.List;

/** Troubles a schedule for a while, then heals everything. */
final class Nemesis {
    private final World world;
    private final Region region;
    private final List<Machine> nodes;
    private final List<Machine> workers;
    private final Profile profile;
    private final Chance chance;

    Nemesis(World world, Region region, List<Machine> nodes, List<Machine> workers, Profile profile) {
        this.world = world;
        this.region = region;
        this.nodes = nodes;
        this.workers = workers;
        this.profile = profile;
        this.chance = world.chance();
    }

    void begin() {
        int end = chance.between(100, 500);
        for (int i = 0; i < profile.troubles(); i++) {
            world.scheduler().after(chance.between(5, end), "trouble", "", this::trouble);
        }
        world.scheduler().after(end + 1, "heal", "", this::heal);
    }

    private Machine node() {
        return nodes.get(chance.between(0, nodes.size() - 1));
    }

    private String entity() {
        return Region.ENTITIES.get(chance.between(0, Region.ENTITIES.size() - 1));
    }

    private void trouble() {
        int kind = chance.between(0, profile.splits() ? 7 : 2);
        Machine node = node();
        String entity = entity();
        switch (kind) {
            case 0 -> pause(node, "stands still:");
            case 1, 2 -> {
                world.note(() -> "passivate " + entity);
                nodes.forEach(each -> region.passivate(each, entity));
            }
            case 3 -> crash(node);
            case 4 -> {
                pause(node, "stands still and is given up:");
                world.scheduler().after(chance.between(1, 100), "given up:", node, () -> abandon(node));
            }
            case 5 -> {
                Machine home = node();
                world.note(() -> node + " believes " + entity + " on " + home);
                region.mislead(node, entity, home);
            }
            case 6 -> {
                // Somebody does at times, and the next run begins at once: wherever the bot is taken to live by then.
                if (profile.bots()) {
                    world.tellBot(node, World.BOT, "kill", SimulatedBot::kill);
                }
            }
            default -> {
                if (!workers.isEmpty()) {
                    pause(workers.get(chance.between(0, workers.size() - 1)), "hangs:");
                } else {
                    Machine home = node();
                    world.note(() -> entity + " moves to " + home);
                    region.move(entity, home);
                }
            }
        }
    }

    private void pause(Machine machine, String what) {
        int millis = chance.between(20, 700);
        world.note(() -> what + " " + machine + " for " + millis);
        machine.pause(millis);
    }

    private void crash(Machine node) {
        world.note(() -> "crash of " + node);
        world.crash(node);
        world.scheduler().after(chance.between(1, 100), "given up:", node, () -> abandon(node));
        world.scheduler().after(chance.between(50, 400), "restart of", node, node::restart);
    }

    /** The others go on without it; it learns of that at the end. */
    private void abandon(Machine node) {
        if (world.isHealed()) {
            return;
        }
        for (String entity : Region.ENTITIES) {
            Machine home = node();
            for (Machine other : nodes) {
                if (other != node && region.home(other, entity) == node && home != node) {
                    region.mislead(other, entity, home);
                }
            }
        }
    }

    private void heal() {
        world.heal();
        for (Machine node : nodes) {
            node.restart();
        }
        workers.forEach(Machine::restart);
        if (profile.splits()) {
            for (String entity : Region.ENTITIES) {
                region.move(entity, region.home(node(), entity));
            }
            world.scheduler().after(chance.between(0, 100), "all begin anew", "", region::endAll);
        }
    }
}
