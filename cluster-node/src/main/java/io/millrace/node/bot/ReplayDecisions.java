package io.millrace.node.bot;

import io.millrace.node.bot.Replaying.Phase;
import io.millrace.node.bot.Replaying.Plan;
import io.millrace.node.bot.Replaying.Range;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions about replays. Pure; {@code now} is ms since the epoch. */
final class ReplayDecisions {
    /** How long a plan may be started: what it says is true for about so long. */
    static final long PLAN_LASTS = Duration.ofMinutes(15).toMillis();

    private ReplayDecisions() {}

    static BotDecision plan(BotState state, BotCommand.PlanReplay request, long now) {
        BotDecision refused = refusal(state);
        if (refused != null) {
            return refused;
        }
        Plan given = request.plan();
        Plan plan = new Plan(
                state.replaying().last() + 1,
                given.queue(),
                given.after(),
                given.until(),
                given.rate(),
                given.by(),
                given.events(),
                given.bytes());
        return accept(List.of(new BotEvent.ReplayPlanned(now, plan, now + PLAN_LASTS)));
    }

    /** A run under way goes on; it is told to end soon, and the next one reads the replay as well. */
    static BotDecision start(BotState state, BotCommand.StartReplay start, long now) {
        BotDecision refused = refusal(state);
        if (refused != null) {
            return refused;
        }
        Range range = state.replaying().find(start.number()).orElse(null);
        if (range == null) {
            return notFound();
        } else if (range.phase() != Phase.PLANNED) {
            return BotDecision.reject(ProblemType.CONFLICT, "the replay was started already");
        } else if (range.expiresAt() <= now) {
            return BotDecision.reject(ProblemType.CONFLICT, "the plan has expired; ask for a new one");
        } else if (state.replaying().active() != null) {
            return BotDecision.reject(ProblemType.CONFLICT, "another replay of the bot is under way");
        } else if (!state.ownSources().contains(range.plan().queue())) {
            return BotDecision.reject(ProblemType.CONFLICT, "the bot doesn't read the queue any more");
        }
        return accept(List.of(
                new BotEvent.ReplayBegun(now, start.number(), ReplayOffice.queue(start.bot(), start.number()))));
    }

    /** The run under way ends: what it would still do of the replay has no effect. */
    static BotDecision cancel(BotState state, BotCommand.CancelReplay cancel, long now) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        }
        Range range = state.replaying().find(cancel.number()).orElse(null);
        if (range == null) {
            return notFound();
        }
        List<BotEvent> events = new ArrayList<>();
        if (range.isRunning()) {
            BotDecisions.endRun(state, BotEvent.How.SUPERSEDED, now, events);
        }
        if (range.isRunning() || range.phase() == Phase.PLANNED) {
            events.add(new BotEvent.ReplayEnded(now, cancel.number(), Phase.CANCELLED, null));
        }
        return accept(events);
    }

    /** The end of a replay whose events are all copied and handled, else null. */
    static BotEvent.@Nullable ReplayEnded done(BotState state, Range range, long now) {
        boolean handled = range.allCopied()
                && (range.end() == null
                        || !state.position(String.valueOf(range.into())).isBefore(range.end()));
        return handled ? new BotEvent.ReplayEnded(now, range.plan().number(), Phase.DONE, null) : null;
    }

    /** How many of its events the bot is done with. */
    static long handled(BotState state, Range range) {
        var checkpoint = range.into() == null ? null : state.read().get(range.into());
        return checkpoint == null || range.startedAt() == 0
                ? 0
                : Math.max(0, Math.min(range.copied() + range.underWay(), checkpoint.records() - range.base()));
    }

    private static @Nullable BotDecision refusal(BotState state) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        }
        return state.archived()
                ? BotDecision.reject(ProblemType.BOT_ARCHIVED, "an archived bot handles nothing")
                : null;
    }

    private static BotDecision notFound() {
        return BotDecision.reject(ProblemType.NOT_FOUND, "the bot doesn't know such a replay (any more)");
    }

    private static BotDecision accept(List<BotEvent> events) {
        return BotDecision.accept(events, after -> new BotReply.Info(after, false));
    }
}
