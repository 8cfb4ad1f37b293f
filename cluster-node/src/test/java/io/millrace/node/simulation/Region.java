package io.millrace.node.simulation;

import io.millrace.node.bot.SimulatedBot;
import io.millrace.node.queue.SimulatedQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Where entities live, as each node believes; where they disagree there are several incarnations at the same time. */
final class Region {
    static final List<String> ENTITIES = List.of("queue a", "queue b", "bot x");

    private final World world;
    private final List<Machine> nodes;
    private final Map<Machine, Map<String, Machine>> views = new HashMap<>();
    private final Map<Machine, Map<String, Object>> living = new HashMap<>();
    private final Map<String, Long> links = new HashMap<>();

    Region(World world, List<Machine> nodes) {
        this.world = world;
        this.nodes = nodes;
        for (Machine node : nodes) {
            views.put(node, new HashMap<>());
            living.put(node, new HashMap<>());
        }
        for (String entity : ENTITIES) {
            move(entity, nodes.get(world.chance().between(0, nodes.size() - 1)));
        }
    }

    /** All nodes agree from now on. */
    void move(String entity, Machine home) {
        views.values().forEach(view -> view.put(entity, home));
    }

    /** One node believes something else from now on. */
    void mislead(Machine node, String entity, Machine home) {
        views.get(node).put(entity, home);
    }

    Machine home(Machine from, String entity) {
        // Clients speak to any node.
        Machine gate = views.containsKey(from) ? from : nodes.get(world.chance().between(0, nodes.size() - 1));
        return views.get(gate).get(entity);
    }

    void tell(Machine from, String entity, String what, Consumer<Object> message) {
        Machine home = home(from, entity);
        Chance chance = world.chance();
        Faults faults = world.faults();
        if (home != from && chance.perMille(faults.loss())) {
            world.note(() -> "lost: " + what + " to " + entity);
            return;
        }
        deliver(from, home, entity, what, message);
        // Without a sequence a repetition is another append.
        if (!what.equals("append once") && chance.perMille(faults.repeats())) {
            deliver(from, home, entity, what, message);
        }
    }

    private void deliver(Machine from, Machine home, String entity, String what, Consumer<Object> message) {
        long delay = world.delay();
        if (!world.faults().reorders()) {
            long now = world.scheduler().now();
            long at = links.merge(from + ">" + home + ">" + entity, now + delay, Math::max);
            delay = at - now;
        }
        home.after(delay, what + " from " + from + " to", entity + " on " + home, () -> {
            Machine elsewhere = home(home, entity);
            if (elsewhere != home && world.isHealed()) {
                deliver(home, elsewhere, entity, what, message); // as a region does that knows better by now
            } else {
                message.accept(living(home, entity));
            }
        });
    }

    private Object living(Machine node, String entity) {
        Object incarnation = living.get(node).get(entity);
        if (incarnation == null) {
            String name = entity.substring(entity.indexOf(' ') + 1);
            incarnation = entity.startsWith("bot")
                    ? world.bugs().bot().bot(world, node, name)
                    : world.bugs().queue().queue(world, node, name);
            living.get(node).put(entity, incarnation);
        }
        return incarnation;
    }

    void crashed(Machine node) {
        living.get(node).clear();
    }

    void gone(Machine node, Object incarnation) {
        living.get(node).values().remove(incarnation);
    }

    /** What idles somewhere goes to rest. */
    void passivate(Machine node, String entity) {
        node.after(0, "idle:", entity + " on " + node, () -> rest(node, entity));
    }

    private void rest(Machine node, String entity) {
        Object incarnation = living.get(node).get(entity);
        if (incarnation instanceof SimulatedQueue queue && queue.isIdle()) {
            queue.stop();
        } else if (incarnation instanceof SimulatedBot bot && bot.isIdle()) {
            bot.stop();
        }
    }

    /**
     * Ends everything once nodes agree again. An owner that a stray had fenced learns of it by its next write only; that
     * all begin anew is what is assumed here.
     */
    void endAll() {
        for (Machine node : nodes) {
            for (Object incarnation : List.copyOf(living.get(node).values())) {
                if (incarnation instanceof SimulatedQueue queue) {
                    queue.stop();
                } else {
                    ((SimulatedBot) incarnation).stop();
                }
            }
        }
    }
}
