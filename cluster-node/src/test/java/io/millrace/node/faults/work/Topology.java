package io.millrace.node.faults.work;

import io.millrace.node.faults.history.Pipeline;
import io.millrace.node.faults.history.Pipeline.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The queues and bots of a run: a copy, a chain of two, a reduction, a join of two queues, and the same done by workers.
 *
 * @param sources queues that producers write
 * @param java bots whose handler is on the nodes
 * @param workers bots whose work processes of their own do
 */
public record Topology(List<String> sources, List<Pipeline> java, List<Pipeline> workers) {
    /** All of it. */
    public static Topology full() {
        return new Topology(
                List.of("in-a", "in-b", "in-c", "in-d", "in-e", "in-f"),
                List.of(
                        new Pipeline("chain-1", List.of("in-a"), "mid-a", Shape.EACH),
                        new Pipeline("chain-2", List.of("mid-a"), "out-a", Shape.EACH),
                        new Pipeline("copy", List.of("in-b"), "out-b", Shape.EACH),
                        new Pipeline("reduce", List.of("in-c"), "out-c", Shape.REDUCE),
                        new Pipeline("join", List.of("in-d", "in-e"), "out-d", Shape.EACH)),
                List.of(
                        new Pipeline("worker-copy", List.of("in-e"), "out-e", Shape.EACH),
                        new Pipeline("worker-reduce", List.of("in-f"), "out-f", Shape.REDUCE)));
    }

    public List<Pipeline> pipelines() {
        List<Pipeline> all = new ArrayList<>(java);
        all.addAll(workers);
        return all;
    }

    public List<String> bots() {
        return pipelines().stream().map(Pipeline::bot).toList();
    }

    public List<String> queues() {
        List<String> all = new ArrayList<>(sources);
        pipelines().forEach(pipeline -> all.add(pipeline.target()));
        return all;
    }
}
