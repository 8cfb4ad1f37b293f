package io.millrace.node.faults.checker;

import io.millrace.node.faults.checker.BotFacts.Effect;
import io.millrace.node.faults.checker.BotFacts.Sign;
import io.millrace.node.faults.history.Outcome;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rule 6, by time: a run has no effect that began after a higher epoch was seen, after an administrator's reset, or
 * after its own completion.
 */
final class EpochsNeverDecrease implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        for (BotFacts bot : facts.bots.values()) {
            byEpoch(bot, findings);
            byReset(bot, findings);
            byCompletion(bot, findings);
        }
    }

    private static void byEpoch(BotFacts bot, Findings findings) {
        List<Sign> signs = bot.signs();
        signs.sort(Comparator.comparingLong(sign -> sign.call().to()));
        List<Effect> effects = bot.effects.stream()
                .sorted(Comparator.comparingLong(effect -> effect.call().from()))
                .toList();
        int next = 0;
        Sign highest = null;
        for (Effect effect : effects) {
            while (next < signs.size()
                    && signs.get(next).call().to() < effect.call().from()) {
                Sign sign = signs.get(next++);
                highest = highest == null || sign.run().epoch() > highest.run().epoch() ? sign : highest;
            }
            if (highest != null && highest.run().epoch() > effect.run().epoch()) {
                stale(bot, effect, "epoch " + highest.run().epoch() + " was there", highest.place(), findings);
            }
        }
    }

    private static void byReset(BotFacts bot, Findings findings) {
        if (bot.resets.isEmpty()) {
            return;
        }
        Map<Long, Long> known = new HashMap<>();
        for (Sign sign : bot.signs()) {
            known.merge(sign.run().epoch(), sign.call().to(), Math::min);
        }
        for (var reset : bot.resets) {
            for (Effect effect : bot.effects) {
                boolean ended = reset.call().outcome() == Outcome.OK
                        && known.get(effect.run().epoch()) < reset.call().from();
                if (ended && effect.call().from() > reset.call().to()) {
                    stale(bot, effect, "an administrator had ended it", reset.place(), findings);
                }
            }
        }
    }

    private static void byCompletion(BotFacts bot, Findings findings) {
        Map<Long, Effect> completed = new HashMap<>();
        for (Effect effect : bot.effects) {
            if (effect.what().equals(Effect.COMPLETION)) {
                completed.merge(
                        effect.run().epoch(),
                        effect,
                        (a, b) -> a.call().to() <= b.call().to() ? a : b);
            }
        }
        for (Effect effect : bot.effects) {
            Effect end = completed.get(effect.run().epoch());
            if (end != null
                    && !effect.what().equals(Effect.COMPLETION)
                    && effect.call().from() > end.call().to()) {
                stale(bot, effect, "it had completed", end.place(), findings);
            }
        }
    }

    private static void stale(BotFacts bot, Effect effect, String why, long proof, Findings findings) {
        String what = "a " + effect.what() + " of " + bot.bot + " in epoch "
                + effect.run().epoch() + " was accepted although " + why;
        findings.add(Kind.STALE_EPOCH, 6, what, proof, effect.place());
    }
}
