package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Pipeline.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What a bot of a fault run makes of its events, whoever does its work: the same each time.
 *
 * @param poison one value in so many is poison to it; 0 for none
 * @param mended whether poison is none any more
 * @param lanes whether it has lanes
 * @param outputs what it writes; to reduce goes with nothing else
 */
record Recipe(int poison, boolean mended, boolean lanes, List<Output> outputs) {
    /** Into which queue, and how. */
    record Output(String queue, Shape shape) {}

    /**
     * An event to write.
     *
     * @param parents what it was made of
     */
    record Made(String queue, ObjectNode payload, List<Item> parents) {}

    /** The same bot after somebody has looked into its dead letters. */
    Recipe mend() {
        return new Recipe(poison, true, lanes, outputs);
    }

    boolean isPoison(String bot, Item item) {
        return !mended && !item.mended() && Lots.isPoison(bot, poison, item.value());
    }

    boolean reduces() {
        return outputs.stream().anyMatch(output -> output.shape() == Shape.REDUCE);
    }

    /** What a batch gives, in its order. */
    List<Made> make(List<Item> batch) {
        List<Made> made = new ArrayList<>();
        for (Output output : outputs) {
            if (output.shape() == Shape.REDUCE) {
                made.add(new Made(output.queue(), Values.reduced(output.queue(), names(batch)), batch));
            } else {
                batch.forEach(item -> make(output, item, made));
            }
        }
        return made;
    }

    private static void make(Output output, Item item, List<Made> made) {
        String to = output.queue();
        if (output.shape() == Shape.EACH) {
            made.add(new Made(to, Values.made(to + "<" + item.name(), item.name()), List.of(item)));
            return;
        }
        for (int number = 1; number <= Lots.spread(to, item.name()); number++) {
            made.add(new Made(to, Values.made(to + "<" + item.name() + "#" + number, item.name()), List.of(item)));
        }
    }

    private static List<String> names(List<Item> batch) {
        return batch.stream().map(Item::name).toList();
    }
}
