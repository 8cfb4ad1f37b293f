package io.millrace.node.faults.work;

import io.millrace.node.faults.history.Pipeline;
import io.millrace.node.faults.history.Pipeline.Shape;
import io.millrace.node.faults.work.BotPlan.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * The queues and bots of a run: a copy, a chain of two, a reduction, windows of time, a join of two queues, one to many, lanes, and the like done by
 * workers and by webhooks. To most of them some values are poison.
 *
 * @param sources queues that producers write
 */
public record Topology(List<String> sources, List<BotPlan> plans) {
    private static final int POISON = 150;
    private static final int LANES = 3;

    /** All of it. */
    public static Topology full() {
        return new Topology(
                List.of("in-a", "in-b", "in-c", "in-d", "in-e", "in-f"),
                List.of(
                        bot("chain-1", Kind.JAVA, 0, List.of("in-a"), Shape.EACH, "mid-a"),
                        bot("chain-2", Kind.JAVA, POISON, List.of("mid-a"), Shape.EACH, "out-a"),
                        bot("copy", Kind.JAVA, POISON, List.of("in-b"), Shape.EACH, "out-b"),
                        bot("reduce", Kind.JAVA, POISON, List.of("in-c"), Shape.REDUCE, "out-c"),
                        bot("join", Kind.JAVA, POISON, List.of("in-d", "in-e"), Shape.EACH, "out-d"),
                        bot("split", Kind.JAVA, POISON, List.of("in-b"), Shape.MANY, "many-a", "many-b"),
                        bot("window", Kind.WINDOW, 0, List.of("in-a"), Shape.REDUCE, "out-w"),
                        bot("worker-copy", Kind.WORKER, POISON, List.of("in-e"), Shape.EACH, "out-e"),
                        bot("worker-reduce", Kind.WORKER, POISON, List.of("in-f"), Shape.REDUCE, "out-f"),
                        bot("hook", Kind.WEBHOOK, POISON, List.of("in-c"), Shape.MANY, "hook-a", "hook-b"),
                        bot("hook-reduce", Kind.WEBHOOK, POISON, List.of("in-d"), Shape.REDUCE, "hook-c"),
                        lanes("lanes", Kind.JAVA, List.of("in-b", "in-f"), "out-l"),
                        lanes("worker-lanes", Kind.WORKER, List.of("in-a"), "out-k")));
    }

    private static BotPlan bot(String name, Kind kind, int poison, List<String> from, Shape shape, String... to) {
        List<Recipe.Output> outputs =
                Arrays.stream(to).map(queue -> new Recipe.Output(queue, shape)).toList();
        return new BotPlan(name, kind, from, new Recipe(poison, false, false, outputs), 0);
    }

    /** One with lanes, whose number changes while faults strike. */
    private static BotPlan lanes(String name, Kind kind, List<String> from, String to) {
        List<Recipe.Output> outputs = List.of(new Recipe.Output(to, Shape.EACH));
        return new BotPlan(name, kind, from, new Recipe(POISON, false, true, outputs), LANES);
    }

    /** Those whose work is done so. */
    public List<BotPlan> of(Kind kind) {
        return plans.stream().filter(plan -> plan.kind() == kind).toList();
    }

    public List<Pipeline> pipelines() {
        return plans.stream().flatMap(plan -> plan.pipelines().stream()).toList();
    }

    public List<String> bots() {
        return plans.stream().map(BotPlan::name).toList();
    }

    BotPlan plan(String bot) {
        return plans.stream()
                .filter(plan -> plan.name().equals(bot))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(bot));
    }

    /** Those with much traffic. */
    public List<String> queues() {
        return Stream.concat(sources.stream(), pipelines().stream().map(Pipeline::target))
                .toList();
    }

    /** Those of dead letters too. */
    public List<String> allQueues() {
        return Stream.concat(
                        queues().stream(),
                        plans.stream()
                                .filter(BotPlan::hasPoison)
                                .flatMap(plan -> Stream.of(plan.dead(), plan.redriven())))
                .toList();
    }
}
