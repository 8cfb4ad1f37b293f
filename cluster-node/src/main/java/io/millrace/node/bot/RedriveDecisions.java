package io.millrace.node.bot;

import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions about dead letters that are to be redriven or purged. Pure; {@code now} is ms since the epoch. */
final class RedriveDecisions {
    /** How long one redrive keeps others out: far longer than its append may take. */
    static final long PATIENCE = Duration.ofSeconds(60).toMillis();

    private RedriveDecisions() {}

    static BotDecision begin(BotState state, BotCommand.BeginRedrive begin, long now) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        } else if (state.archived()) {
            return BotDecision.reject(ProblemType.BOT_ARCHIVED, "an archived bot handles nothing");
        }
        Redrives redrives = state.redriving();
        if (redrives.pending() != null) {
            return BotDecision.reject(
                    ProblemType.TOO_MANY_REQUESTS, "another redrive of the bot is under way; try again in a minute");
        }
        BotDecision refused = refusal(redrives, begin.letters());
        return refused != null
                ? refused
                : accept(List.of(new BotEvent.RedriveBegun(
                        now, begin.queue(), redrives.number() + 1, begin.letters(), now + PATIENCE)));
    }

    static BotDecision end(BotState state, BotCommand.EndRedrive end, long now) {
        Redrives.Pending pending = state.redriving().pending();
        if (!state.exists() || pending == null || pending.number() != end.number()) {
            return BotDecision.reject(ProblemType.CONFLICT, "that redrive was settled by somebody else");
        }
        return accept(List.of(new BotEvent.RedriveEnded(now, end.number(), end.done())));
    }

    static BotDecision purge(BotState state, BotCommand.Purge purge, long now) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        } else if (state.redriving().pending() != null) {
            return BotDecision.reject(
                    ProblemType.TOO_MANY_REQUESTS, "a redrive of the bot is under way; try again in a minute");
        }
        BotDecision refused = refusal(state.redriving(), purge.letters());
        return refused != null ? refused : accept(List.of(new BotEvent.DeadPurged(now, purge.letters())));
    }

    private static @Nullable BotDecision refusal(Redrives redrives, Letters letters) {
        for (EventId letter : letters.singles()) {
            if (redrives.isSettled(letter)) {
                return BotDecision.reject(
                        ProblemType.CONFLICT, "dead letter " + letter + " was redriven or purged already");
            }
        }
        return redrives.singles().size() + letters.singles().size() > Redrives.MAX_SINGLES
                ? BotDecision.reject(
                        ProblemType.CONFLICT,
                        "more than " + Redrives.MAX_SINGLES
                                + " dead letters were redriven or purged out of their order; redrive or purge all")
                : null;
    }

    private static BotDecision accept(List<BotEvent> events) {
        return BotDecision.accept(events, after -> new BotReply.Info(after, false));
    }
}
