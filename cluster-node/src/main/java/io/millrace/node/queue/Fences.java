package io.millrace.node.queue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bots that wait to hear that the queue takes nothing of their earlier runs any more (design D4). Each bot has one place,
 * and only bots that have written here ask.
 */
final class Fences {
    private final Map<String, QueueCommand.Fence> waiting = new HashMap<>();
    private final String queue;
    private final BotSignals bots;

    Fences(String queue, BotSignals bots) {
        this.queue = queue;
        this.bots = bots;
    }

    /** Tells the bot if the fence stands; false if it must be made durable first. */
    boolean offer(QueueCommand.Fence fence, QueueState state) {
        if (!state.isFenced(fence.bot(), fence.generation(), fence.epoch())) {
            return false;
        }
        Marks marks = state.marks().getOrDefault(fence.bot(), Marks.NONE);
        bots.fenced(
                fence.bot(),
                queue,
                fence.epoch(),
                marks.generation() == fence.generation() ? marks.positions() : Map.of());
        return true;
    }

    /** Keeps it until it is durable; a later one of the same bot takes its place. */
    void await(QueueCommand.Fence fence) {
        waiting.put(fence.bot(), fence);
    }

    /** After a commit. */
    void committed(QueueState state) {
        if (!waiting.isEmpty()) {
            waiting.values().removeIf(fence -> offer(fence, state));
        }
    }

    /** Gives what waits, to be decided by the state of a log that has just recovered. */
    List<QueueCommand.Fence> drain() {
        List<QueueCommand.Fence> all = List.copyOf(waiting.values());
        waiting.clear();
        return all;
    }
}
