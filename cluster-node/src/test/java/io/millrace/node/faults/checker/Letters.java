package io.millrace.node.faults.checker;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Which events of which queues stand in a bot's queue of dead letters, as the full reads gave it. */
final class Letters {
    private final Map<String, BitSet> dead = new HashMap<>();

    private Letters() {}

    static Letters of(Facts facts, String bot) {
        Letters letters = new Letters();
        QueueLog log = facts.logs.get(bot + ".dead");
        Outputs outputs = log == null ? new Outputs() : log.outputs();
        for (int i = 0; i < outputs.size(); i++) {
            QueueLog source = facts.logs.get(outputs.source(i));
            int index = source == null ? -1 : source.indexOf(outputs.start(i));
            if (index >= 0) {
                letters.dead
                        .computeIfAbsent(source.name(), queue -> new BitSet())
                        .set(index);
            }
        }
        return letters;
    }

    /** Of a queue, by the places of events. */
    BitSet in(QueueLog source) {
        return dead.getOrDefault(source.name(), new BitSet());
    }
}
