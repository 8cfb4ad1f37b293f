package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Pipeline;
import java.util.HashMap;
import java.util.Map;

/**
 * Rule 8: the parents of a pipeline's outputs, in the outputs' order, are the events of each source in its order, each
 * once (or as often as it has outputs), but for those among the dead letters, which have none; after an administrator's
 * reset they go on behind its position. The queue by which dead letters are redriven is a source as any other.
 */
final class OutputsExactlyOnce implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        if (facts.plan == null) {
            return;
        }
        for (Pipeline pipeline : facts.plan.operation().pipelines()) {
            QueueLog target = facts.logs.get(pipeline.target());
            boolean readable = target != null && pipeline.sources().stream().allMatch(facts.logs::containsKey);
            if (readable) {
                new OnePipeline(facts, pipeline, target, findings).check();
            }
        }
    }

    private static final class OnePipeline {
        private final Facts facts;
        private final Pipeline pipeline;
        private final QueueLog target;
        private final Findings findings;
        private final Map<String, Course> sources = new HashMap<>();

        OnePipeline(Facts facts, Pipeline pipeline, QueueLog target, Findings findings) {
            this.facts = facts;
            this.pipeline = pipeline;
            this.target = target;
            this.findings = findings;
            Letters letters = Letters.of(facts, pipeline.bot());
            pipeline.sources()
                    .forEach(queue ->
                            sources.put(queue, new Course(facts, pipeline, facts.logs.get(queue), false, letters)));
            QueueLog redriven = facts.logs.get(pipeline.redriven());
            if (redriven != null) {
                sources.put(redriven.name(), new Course(facts, pipeline, redriven, true, letters));
            }
        }

        void check() {
            Outputs outputs = target.outputs();
            for (int i = 0; i < outputs.size(); i++) {
                if (outputs.writer(i).equals(pipeline.bot())) {
                    output(outputs, i);
                }
            }
            sources.values().forEach(this::rest);
        }

        private void output(Outputs outputs, int output) {
            int from = outputs.parentsFrom(output);
            int to = outputs.parentsTo(output);
            Course source = sources.get(outputs.source(output));
            if (source == null || from == to) {
                wrongParents(output, " has no parents in a source of " + pipeline.bot());
                return;
            }
            for (int i = from; i < to; i++) {
                int index = source.indexOf(outputs.parent(i));
                if (index < 0) {
                    String parent = facts.values.text(outputs.parent(i));
                    wrongParents(output, " has the parent " + parent + ", which isn't in " + source.log.name());
                    return;
                }
                parent(source, index, output);
            }
            correlation(outputs, output, source);
        }

        private void correlation(Outputs outputs, int output, Course source) {
            int from = outputs.parentsFrom(output);
            int last = outputs.parentsTo(output) - 1;
            int count = last - from + 1;
            boolean right = source.log.eid(source.indexOf(outputs.parent(from))).equals(outputs.start(output))
                    && source.log.eid(source.indexOf(outputs.parent(last))).equals(outputs.end(output))
                    && outputs.units(output) == count
                    && (pipeline.shape() == Pipeline.Shape.REDUCE || count == 1);
            if (!right) {
                wrongParents(output, " has a correlation that isn't its parents' place");
            }
        }

        private void wrongParents(int output, String how) {
            int index = target.outputs().index(output);
            findings.add(Kind.WRONG_PARENTS, 8, facts.event(target, index) + how, target.place(index));
        }

        private void parent(Course source, int index, int output) {
            int at = target.outputs().index(output);
            if (source.isDead(index)) {
                String what = facts.event(target, at) + " was made of " + facts.event(source.log, index)
                        + ", which is among the dead letters of " + pipeline.bot();
                findings.add(Kind.DEAD_YET_DONE, 8, what, source.log.place(index), target.place(at));
                return;
            }
            int due = source.due(index);
            if (index != due && !source.isReset(index)) {
                if (index < due) {
                    String what = facts.event(target, at) + " was made of " + facts.event(source.log, index)
                            + ", behind outputs of it or of later ones";
                    findings.add(
                            doubled(source, index, output) ? Kind.OUTPUT_DOUBLED : Kind.OUTPUT_REORDERED,
                            8,
                            what,
                            source.log.place(index),
                            target.place(at));
                    return;
                }
                lost(source, due, index, target.place(at));
            }
            if (pipeline.shape() == Pipeline.Shape.MANY) {
                numbered(source, index, index == due ? source.there(index) : 0, at);
            }
            source.take(index);
        }

        /** Each output of an event says which one it is. */
        private void numbered(Course source, int index, int there, int at) {
            String name = facts.values.text(target.value(at));
            int number = Integer.parseInt(name.substring(name.lastIndexOf('#') + 1));
            if (number != there + 1 || number > source.wanted(index)) {
                String what = facts.event(target, at) + " stands where number " + (there + 1) + " of "
                        + source.wanted(index) + " of " + facts.event(source.log, index) + " should";
                findings.add(
                        number <= there || number > source.wanted(index) ? Kind.OUTPUT_DOUBLED : Kind.OUTPUT_LOST,
                        8,
                        what,
                        source.log.place(index),
                        target.place(at));
            }
        }

        /** Seldom asked, so by looking through all outputs before. */
        private boolean doubled(Course source, int index, int output) {
            Outputs outputs = target.outputs();
            for (int at = 0; at < outputs.parentsFrom(output); at++) {
                if (outputs.parent(at) == source.log.value(index)) {
                    return true;
                }
            }
            return false;
        }

        /** A bot that hasn't come so far has lost nothing: that is rule 9's. */
        private void rest(Course source) {
            int reached = facts.bot(pipeline.bot()).finals.stream()
                    .mapToInt(
                            end -> source.log.rank(end.operation().checkpoints().getOrDefault(source.log.name(), "")))
                    .max()
                    .orElse(0);
            for (int missing : source.missing(reached)) {
                if (missing < reached) {
                    long end = facts.bot(pipeline.bot()).finals.get(0).place();
                    lost(source, missing, reached, end);
                }
            }
        }

        private void lost(Course source, int from, int to, long place) {
            int events = 0;
            for (int i = from; i < to; i = source.after(i)) {
                events++;
            }
            String what = pipeline.bot() + " made nothing, or not all, in " + target.name() + " of the " + events
                    + " events from " + facts.event(source.log, from) + " on, and went on";
            findings.add(Kind.OUTPUT_LOST, 8, what, source.log.place(from), place);
        }
    }
}
