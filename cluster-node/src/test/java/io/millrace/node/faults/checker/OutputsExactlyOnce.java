package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Outcome;
import io.millrace.node.faults.history.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rule 8: the parents of a pipeline's outputs, in the outputs' order, are the events of each source in its order, each
 * once; after an administrator's reset they go on behind its position.
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

    private static final class Source {
        final QueueLog log;
        final LongIntMap byValue;
        final LongIntMap dead;
        final List<Integer> resets = new ArrayList<>();
        int next;

        Source(Facts facts, Pipeline pipeline, QueueLog log) {
            this.log = log;
            this.byValue = log.byValue();
            QueueLog deadLetters = facts.logs.get(pipeline.bot() + ".dead");
            this.dead = deadLetters == null ? new LongIntMap() : deadLetters.byValue();
            for (var reset : facts.bot(pipeline.bot()).resets) {
                if (reset.operation().queue().equals(log.name()) && reset.call().outcome() != Outcome.FAIL) {
                    resets.add(log.rank(reset.operation().position()));
                }
            }
        }

        boolean isDead(int index) {
            return dead.get(log.value(index)) >= 0;
        }
    }

    private static final class OnePipeline {
        private final Facts facts;
        private final Pipeline pipeline;
        private final QueueLog target;
        private final Findings findings;
        private final Map<String, Source> sources = new HashMap<>();

        OnePipeline(Facts facts, Pipeline pipeline, QueueLog target, Findings findings) {
            this.facts = facts;
            this.pipeline = pipeline;
            this.target = target;
            this.findings = findings;
            pipeline.sources().forEach(queue -> sources.put(queue, new Source(facts, pipeline, facts.logs.get(queue))));
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
            Source source = sources.get(outputs.source(output));
            if (source == null || from == to) {
                wrongParents(output, " has no parents in a source of " + pipeline.bot());
                return;
            }
            for (int i = from; i < to; i++) {
                int index = source.byValue.get(outputs.parent(i));
                if (index < 0) {
                    String parent = facts.values.text(outputs.parent(i));
                    wrongParents(output, " has the parent " + parent + ", which isn't in " + source.log.name());
                    return;
                }
                parent(source, index, output);
            }
            correlation(outputs, output, source);
        }

        private void correlation(Outputs outputs, int output, Source source) {
            int from = outputs.parentsFrom(output);
            int last = outputs.parentsTo(output) - 1;
            int count = last - from + 1;
            boolean right = source.log
                            .eid(source.byValue.get(outputs.parent(from)))
                            .equals(outputs.start(output))
                    && source.log.eid(source.byValue.get(outputs.parent(last))).equals(outputs.end(output))
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

        private void parent(Source source, int index, int output) {
            while (source.next < index && source.isDead(source.next)) {
                source.next++;
            }
            if (index != source.next && !source.resets.remove((Integer) index)) {
                int at = target.outputs().index(output);
                if (index < source.next) {
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
                lost(source, source.next, index, target.place(at));
            }
            source.next = index + 1;
        }

        /** Seldom asked, so by looking through all outputs before. */
        private boolean doubled(Source source, int index, int output) {
            Outputs outputs = target.outputs();
            for (int at = 0; at < outputs.parentsFrom(output); at++) {
                if (outputs.parent(at) == source.log.value(index)) {
                    return true;
                }
            }
            return false;
        }

        /** A bot that hasn't come so far has lost nothing: that is rule 9's. */
        private void rest(Source source) {
            int reached = facts.bot(pipeline.bot()).finals.stream()
                    .mapToInt(
                            end -> source.log.rank(end.operation().checkpoints().getOrDefault(source.log.name(), "")))
                    .max()
                    .orElse(0);
            while (source.next < reached && source.isDead(source.next)) {
                source.next++;
            }
            if (source.next < reached) {
                long end = facts.bot(pipeline.bot()).finals.get(0).place();
                lost(source, source.next, reached, end);
            }
        }

        private void lost(Source source, int from, int to, long place) {
            String what = pipeline.bot() + " made nothing in " + target.name() + " of the " + (to - from)
                    + " events from " + facts.event(source.log, from) + " on, and went on";
            findings.add(Kind.OUTPUT_LOST, 8, what, source.log.place(from), place);
        }
    }
}
