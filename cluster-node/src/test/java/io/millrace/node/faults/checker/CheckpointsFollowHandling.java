package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Outcome;
import io.millrace.protocol.Position;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rule 5: when a checkpoint stands, every event at or below it was handled before, in a dead-letter queue, or skipped
 * by an administrator. Only for bots whose handlers write down what they handle.
 */
final class CheckpointsFollowHandling implements Rule {
    private static final long NEVER = Long.MAX_VALUE;

    @Override
    public void check(Facts facts, Findings findings) {
        for (BotFacts bot : facts.bots.values()) {
            Set<String> queues = new TreeSet<>();
            bot.allHandlings()
                    .forEach(handling -> queues.add(handling.page().log().name()));
            queues.forEach(queue -> new OneQueue(facts, bot, facts.logs.get(queue), findings).check());
        }
    }

    private static final class OneQueue {
        private final Facts facts;
        private final BotFacts bot;
        private final QueueLog log;
        private final Findings findings;
        private final long[] handledAt;
        private final long[] allHandledAt;

        OneQueue(Facts facts, BotFacts bot, QueueLog log, Findings findings) {
            this.facts = facts;
            this.bot = bot;
            this.log = log;
            this.findings = findings;
            this.handledAt = handledAt();
            this.allHandledAt = handledAt.clone();
            for (int i = 1; i < allHandledAt.length; i++) {
                allHandledAt[i] = Math.max(allHandledAt[i], allHandledAt[i - 1]);
            }
        }

        private long[] handledAt() {
            long[] at = new long[log.size()];
            Arrays.fill(at, NEVER);
            for (BotFacts.Handling handling : bot.allHandlings()) {
                Page page = handling.page();
                if (page.log() == log) {
                    settle(at, page.after(), page.end(), handling.call().to());
                }
            }
            for (var reset : bot.resets) {
                if (reset.operation().queue().equals(log.name()) && reset.call().outcome() != Outcome.FAIL) {
                    settle(
                            at,
                            0,
                            log.rank(reset.operation().position()),
                            reset.call().from());
                }
            }
            Letters.of(facts, bot.bot).in(log).stream().forEach(i -> at[i] = Long.MIN_VALUE);
            return at;
        }

        private static void settle(long[] at, int from, int to, long time) {
            for (int i = from; i < to; i++) {
                at[i] = Math.min(at[i], time);
            }
        }

        void check() {
            bot.moves.stream()
                    .filter(move -> move.queue().equals(log.name()))
                    .forEach(move -> check(move.position(), move.call(), move.place()));
            for (var seen : bot.sightings) {
                check(seen.operation().checkpoints().getOrDefault(log.name(), ""), seen.call(), seen.place());
            }
            for (var end : bot.finals) {
                check(end.operation().checkpoints().getOrDefault(log.name(), ""), end.call(), end.place());
            }
        }

        private void check(String position, Call call, long place) {
            int rank = log.rank(position);
            if (rank == 0 && position.isEmpty()) {
                return;
            }
            String what = "the checkpoint of " + bot.bot + " in " + log.name() + " stood at " + position;
            if (rank == log.size() && isBeyond(position)) {
                findings.add(Kind.CHECKPOINT_JUMP, 5, what + ", beyond the tail", place);
            } else if (rank > 0 && allHandledAt[rank - 1] > call.to()) {
                int unhandled = 0;
                while (handledAt[unhandled] <= call.to()) {
                    unhandled++;
                }
                String proof = handledAt[unhandled] == NEVER ? " was never handled" : " was handled only later";
                findings.add(
                        Kind.CHECKPOINT_JUMP,
                        5,
                        what + ", but " + facts.event(log, unhandled) + proof,
                        place,
                        log.place(unhandled));
            }
        }

        private boolean isBeyond(String position) {
            Position after = Position.parse(position);
            return log.size() == 0
                    || after.firstAfter().isAfter(log.eid(log.size() - 1).plus(1));
        }
    }
}
