package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation.Granted;
import io.millrace.node.faults.history.Operation.Heartbeat;
import io.millrace.node.faults.history.Outcome;
import io.millrace.node.faults.history.RunOf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rule 7: an epoch has one run; a later grant has a higher epoch; and while a holder may take its lease as its own,
 * nobody else gets one, unless the holder, an administrator or the bus's own stop ended it.
 */
final class LeasesNeverOverlap implements Rule {
    private static final Set<String> ENDING = Set.of("kill", "pause", "archive", "register");

    /** Until when the holder was promised its lease, and by which line. */
    private record Promise(RunOf run, long from, long until, long place) {}

    @Override
    public void check(Facts facts, Findings findings) {
        for (BotFacts bot : List.copyOf(facts.bots.values())) {
            oneRunAnEpoch(bot, findings);
            List<Placed<Granted>> asked = new ArrayList<>(bot.grants.stream()
                    .filter(grant -> grant.operation().validUntil() > 0)
                    .toList());
            laterIsHigher(bot, asked, findings);
            noneDuringAnother(facts, bot, asked, findings);
        }
    }

    private static void oneRunAnEpoch(BotFacts bot, Findings findings) {
        Map<Long, BotFacts.Sign> runs = new HashMap<>();
        for (BotFacts.Sign sign : bot.signs()) {
            if (sign.run().run().isEmpty()) {
                continue;
            }
            BotFacts.Sign known = runs.putIfAbsent(sign.run().epoch(), sign);
            if (known != null && !known.run().run().equals(sign.run().run())) {
                String what = "epoch " + sign.run().epoch() + " of " + bot.bot + " has the runs "
                        + known.run().run() + " and " + sign.run().run();
                findings.add(Kind.OVERLAPPING_LEASE, 7, what, known.place(), sign.place());
            }
        }
    }

    private static void laterIsHigher(BotFacts bot, List<Placed<Granted>> grants, Findings findings) {
        List<Placed<Granted>> byEnd = new ArrayList<>(grants);
        byEnd.sort(Comparator.comparingLong(grant -> grant.call().to()));
        grants.sort(Comparator.comparingLong(grant -> grant.call().from()));
        int next = 0;
        Placed<Granted> highest = null;
        for (Placed<Granted> grant : grants) {
            while (next < byEnd.size()
                    && byEnd.get(next).call().to() < grant.call().from()) {
                Placed<Granted> ended = byEnd.get(next++);
                highest = highest == null || epoch(ended) > epoch(highest) ? ended : highest;
            }
            if (highest != null && epoch(highest) >= epoch(grant)) {
                String what = bot.bot + " granted epoch " + epoch(grant) + " after epoch " + epoch(highest);
                findings.add(Kind.OVERLAPPING_LEASE, 7, what, highest.place(), grant.place());
            }
        }
    }

    private static long epoch(Placed<Granted> grant) {
        return grant.operation().run().epoch();
    }

    private static void noneDuringAnother(Facts facts, BotFacts bot, List<Placed<Granted>> grants, Findings findings) {
        Map<Long, List<Promise>> promises = new HashMap<>();
        for (Placed<Granted> grant : grants) {
            promise(
                    promises,
                    grant.operation().run(),
                    grant.call().from(),
                    grant.operation().validUntil(),
                    grant.place());
        }
        Map<Long, Long> ends = ends(bot);
        for (Placed<Heartbeat> heartbeat : bot.heartbeats) {
            Heartbeat told = heartbeat.operation();
            if (!told.stop() && told.validUntil() > 0) {
                promise(promises, told.run(), heartbeat.call().from(), told.validUntil(), heartbeat.place());
            }
        }
        for (Placed<Granted> grant : grants) {
            long at = grant.call().to();
            for (long epoch = epoch(grant) - 1; epoch >= Math.max(0, epoch(grant) - 3); epoch--) {
                boolean ended = ends.getOrDefault(epoch, Long.MAX_VALUE) < at
                        || isEnded(facts.owner(bot), at, promises.get(epoch));
                for (Promise promise : promises.getOrDefault(epoch, List.of())) {
                    if (!ended && promise.from < at && at < promise.until) {
                        String what =
                                bot.bot + " granted epoch " + epoch(grant) + " " + (promise.until - at) / 1_000_000
                                        + " ms before the lease of epoch " + epoch + " was over";
                        findings.add(Kind.OVERLAPPING_LEASE, 7, what, promise.place, grant.place());
                        break;
                    }
                }
            }
        }
    }

    private static void promise(Map<Long, List<Promise>> promises, RunOf run, long from, long until, long place) {
        promises.computeIfAbsent(run.epoch(), epoch -> new ArrayList<>()).add(new Promise(run, from, until, place));
    }

    /** When the holders gave their leases back, or were told to, by epoch. */
    private static Map<Long, Long> ends(BotFacts bot) {
        Map<Long, Long> ends = new HashMap<>();
        for (var completion : bot.completions) {
            if (completion.call().outcome() != Outcome.FAIL) {
                ends.merge(
                        completion.operation().run().epoch(), completion.call().from(), Math::min);
            }
        }
        for (Placed<Heartbeat> heartbeat : bot.heartbeats) {
            if (heartbeat.operation().stop()) {
                ends.merge(heartbeat.operation().run().epoch(), heartbeat.call().from(), Math::min);
            }
        }
        return ends;
    }

    /** Whether an administrator may have ended a lease between its grant and another one. */
    private static boolean isEnded(BotFacts bot, long at, List<Promise> promises) {
        if (promises == null) {
            return true;
        }
        long granted = promises.get(0).from;
        return bot.resets.stream().anyMatch(reset -> mayLieIn(reset, granted, at))
                || bot.administered.stream()
                        .anyMatch(one -> ENDING.contains(one.operation().action()) && mayLieIn(one, granted, at));
    }

    private static boolean mayLieIn(Placed<?> act, long from, long to) {
        boolean over = act.call().outcome() == Outcome.OK && act.call().to() < from;
        return act.call().outcome() != Outcome.FAIL && act.call().from() < to && !over;
    }
}
