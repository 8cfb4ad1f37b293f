package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Named;
import io.millrace.node.faults.history.Operation.Fault;
import io.millrace.node.faults.history.Operation.Redriven;
import io.millrace.node.faults.history.Outcome;
import io.millrace.node.faults.history.Pipeline;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rule 8, for what fails: an event that a bot passes without handling it is among its dead letters, once; that is so for
 * those that are poison to it and for no others; and a dead letter that somebody sends back is in the queue by which it
 * comes, once. That it then gives its outputs is held by {@link OutputsExactlyOnce}.
 */
final class DeadLettersExactlyOnce implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        if (facts.plan == null) {
            return;
        }
        Set<String> bots = new HashSet<>();
        for (Pipeline pipeline : facts.plan.operation().pipelines()) {
            boolean readable = facts.logs.containsKey(pipeline.dead())
                    && facts.logs.containsKey(pipeline.redriven())
                    && pipeline.sources().stream().allMatch(facts.logs::containsKey);
            if (pipeline.poison() > 0 && readable && bots.add(pipeline.bot())) {
                new OneBot(facts, pipeline, findings).check();
            }
        }
    }

    /** The value of an event's payload. */
    static String root(String value, boolean redriven) {
        return redriven ? Named.root(value) : value;
    }

    private static final class OneBot {
        private final Facts facts;
        private final Pipeline pipeline;
        private final BotFacts bot;
        private final QueueLog dead;
        private final QueueLog redriven;
        private final Findings findings;
        private final boolean isExact;

        OneBot(Facts facts, Pipeline pipeline, Findings findings) {
            this.facts = facts;
            this.pipeline = pipeline;
            this.bot = facts.bot(pipeline.bot());
            this.dead = facts.logs.get(pipeline.dead());
            this.redriven = facts.logs.get(pipeline.redriven());
            this.findings = findings;
            this.isExact = facts.faults.stream().noneMatch(fault -> blamesEvents(fault.operation()));
        }

        /** What doesn't come from a webhook, or can't be read, may be due to an event: so says the contract. */
        private boolean blamesEvents(Fault fault) {
            return fault.hits().contains("webhook " + pipeline.bot());
        }

        void check() {
            letters();
            pipeline.sources().forEach(queue -> poison(facts.logs.get(queue)));
            redriven();
            requests();
        }

        private boolean isSource(String queue) {
            return pipeline.sources().contains(queue) || queue.equals(redriven.name());
        }

        private void letters() {
            Outputs letters = dead.outputs();
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < letters.size(); i++) {
                int at = letters.index(i);
                QueueLog source = isSource(letters.source(i)) ? facts.logs.get(letters.source(i)) : null;
                int index = source == null ? -1 : source.indexOf(letters.start(i));
                if (index < 0 || !letters.writer(i).equals(pipeline.bot())) {
                    add(Kind.WRONG_PARENTS, at, " is no letter about an event that " + pipeline.bot() + " reads");
                    continue;
                }
                if (!seen.add(source.name() + " " + index)) {
                    String what = facts.event(dead, at) + " is there before";
                    findings.add(Kind.LETTER_DOUBLED, 8, what, source.place(index), dead.place(at));
                }
                letter(at, source, index);
            }
            if (letters.size() < dead.size()) {
                add(Kind.WRONG_PARENTS, 0, " or another one is there that no bot wrote");
            }
        }

        private void letter(int at, QueueLog source, int index) {
            String letter = facts.values.text(dead.value(at));
            String value = facts.values.text(source.value(index));
            boolean isRedriven = source == redriven;
            String root = root(value, isRedriven);
            if (!Named.root(letter).equals(root)) {
                add(Kind.WRONG_PARENTS, at, " has another payload than " + facts.event(source, index));
            }
            boolean isPoison = Lots.isPoison(pipeline.bot(), pipeline.poison(), root)
                    && !(isRedriven && Named.says(value, Named.MENDED));
            boolean saysSo = Named.says(letter, Named.DEAD);
            if (!isPoison && (saysSo || isExact)) {
                String what = facts.event(dead, at) + " is about an event that " + pipeline.bot() + " can handle";
                findings.add(Kind.WRONGLY_DEAD, 8, what, source.place(index), dead.place(at));
            }
        }

        /** Poison that the bot has passed is dead; before it is mended it comes through as redriven events only. */
        private void poison(QueueLog source) {
            var letters = Letters.of(facts, pipeline.bot()).in(source);
            int reached = bot.finals.stream()
                    .mapToInt(end -> source.rank(end.operation().checkpoints().getOrDefault(source.name(), "")))
                    .max()
                    .orElse(0);
            for (int i = 0; i < reached; i++) {
                boolean isPoison = Lots.isPoison(pipeline.bot(), pipeline.poison(), facts.values.text(source.value(i)));
                if (isPoison && !letters.get(i)) {
                    String what = pipeline.bot() + " passed " + facts.event(source, i)
                            + ", which is poison, and it is not among the dead letters";
                    findings.add(
                            Kind.LETTER_LOST,
                            8,
                            what,
                            source.place(i),
                            bot.finals.get(0).place());
                }
            }
        }

        private void redriven() {
            Outputs events = redriven.outputs();
            Set<Integer> seen = new HashSet<>();
            for (int i = 0; i < events.size(); i++) {
                int at = events.index(i);
                int letter = events.source(i).equals(dead.name()) ? dead.indexOf(events.start(i)) : -1;
                if (letter < 0
                        || !Named.root(text(dead, letter)).equals(Named.root(text(redriven, at)))
                        || !isAskedFor(dead.eid(letter).toString(), text(redriven, at))) {
                    String what = facts.event(redriven, at) + " is no dead letter of " + pipeline.bot()
                            + " that somebody sent back";
                    findings.add(Kind.PHANTOM, 8, what, redriven.place(at));
                } else if (!seen.add(letter)) {
                    String what = facts.event(dead, letter) + " was redriven twice";
                    findings.add(Kind.REDRIVE_DOUBLED, 8, what, dead.place(letter), redriven.place(at));
                }
            }
            if (isAllRedriven()) {
                for (int i = 0; i < dead.size(); i++) {
                    if (!seen.contains(i)) {
                        String what = "all was redriven, but not " + facts.event(dead, i);
                        findings.add(Kind.REDRIVE_LOST, 8, what, dead.place(i));
                    }
                }
            }
        }

        private String text(QueueLog log, int index) {
            return facts.values.text(log.value(index));
        }

        private boolean isAskedFor(String letter, String redriven) {
            return bot.redrives.stream()
                    .map(Placed::operation)
                    .filter(one -> one.call().outcome() != Outcome.FAIL)
                    .anyMatch(one -> one.edited() == Named.says(redriven, Named.MENDED)
                            && (one.letters().isEmpty() || one.letters().contains(letter)));
        }

        /** Whether an administrator was told after the faults that no dead letter is left. */
        private boolean isAllRedriven() {
            return facts.healed != null
                    && bot.redrives.stream()
                            .anyMatch(one -> isOk(one)
                                    && one.operation().letters().isEmpty()
                                    && one.operation().events() == 0
                                    && !one.operation().more()
                                    && one.call().from() > facts.healed.call().to());
        }

        /** Who was told that letters were redriven finds them. */
        private void requests() {
            Set<String> there = new HashSet<>();
            for (int i = 0; i < redriven.outputs().size(); i++) {
                there.add(redriven.outputs().start(i).toString());
            }
            for (Placed<Redriven> one : bot.redrives) {
                List<String> letters = one.operation().letters();
                if (isOk(one) && !there.containsAll(letters)) {
                    String what = "redriven by " + pipeline.bot() + ", but not in " + redriven.name() + ": " + letters;
                    findings.add(Kind.REDRIVE_LOST, 8, what, one.place());
                }
            }
        }

        private static boolean isOk(Placed<Redriven> one) {
            return one.call().outcome() == Outcome.OK;
        }

        private void add(Kind kind, int at, String how) {
            findings.add(kind, 8, facts.event(dead, at) + how, dead.place(at));
        }
    }
}
