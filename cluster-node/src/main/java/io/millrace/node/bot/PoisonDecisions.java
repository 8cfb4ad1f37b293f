package io.millrace.node.bot;

import io.millrace.node.run.Caution;
import io.millrace.protocol.EventId;
import io.millrace.protocol.http.BotConfig.OnPoison;
import io.millrace.protocol.http.RunProtocol.Action;
import io.millrace.protocol.http.RunProtocol.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decisions about an event that fails alone. What is decided is journaled before it is done: a crash between the two finds
 * the verdict, and what is done twice the queue of dead letters drops by its mark.
 *
 * <p>Poison is what fails where others succeed. Where nothing has succeeded since more than ten errors, attempts included, no
 * event is to blame: then none is disposed of, and the bot is rogue.
 *
 * <p>Pure; {@code now} is ms since the epoch.
 */
final class PoisonDecisions {
    private static final int MAX_ERROR = 2_000;

    private PoisonDecisions() {}

    static BotDecision judge(BotState state, BotCommand.Judge judge, long now) {
        return state.running(judge.epoch(), judge.run())
                .filter(run -> now < run.deadline())
                .map(run -> RunDecisions.refusal(state, judge.read()).orElseGet(() -> judge(state, run, judge, now)))
                .orElseGet(RunDecisions::stale);
    }

    private static BotDecision judge(BotState state, BotState.Run run, BotCommand.Judge judge, long now) {
        List<BotEvent> events = new ArrayList<>();
        if (!judge.read().isEmpty()) {
            events.add(new BotEvent.Checkpointed(now, run.epoch(), judge.read()));
        }
        PoisonRules rules = PoisonRules.of(state.registration());
        Suspect known = state.poison().suspects().get(judge.queue());
        Suspect before = known != null && known.eid().equals(judge.eid()) ? known : Suspect.of(judge.eid(), now);
        int errors = judge.handled() > 0 ? 0 : state.errorCount();
        String error = bounded(judge.error());
        Action decided = before.verdict();
        if (decided != null) {
            return accept(events, decided, before);
        } else if (error == null && (before.epoch() == run.epoch() || before.attempts() < rules.attempts())) {
            Suspect begun = before.attempt(run.epoch(), now, null);
            events.add(new BotEvent.Suspected(now, run.epoch(), judge.queue(), begun, errors, false));
            return accept(events, Action.TRY, begun);
        }
        // Without an error the attempts are used up by runs that were lost with it.
        Suspect suspect = error == null ? before : before.attempt(run.epoch(), now, error);
        boolean usedUp = judge.rejected() || suspect.attempts() >= rules.attempts();
        boolean isToBlame = judge.rejected() || errors < BotState.ROGUE_AFTER;
        if (usedUp && isToBlame && rules.onPoison() != OnPoison.STOP) {
            Action verdict = rules.onPoison() == OnPoison.SKIP ? Action.SKIP : Action.DEAD_LETTER;
            Suspect judged = suspect.judged(verdict);
            events.add(new BotEvent.Suspected(
                    now,
                    run.epoch(),
                    judge.queue(),
                    judged,
                    judge.rejected() ? errors : errors + 1,
                    !judge.rejected()));
            return accept(events, verdict, judged);
        }
        events.add(new BotEvent.Suspected(now, run.epoch(), judge.queue(), suspect, errors, false));
        String said = describe(judge.queue(), suspect);
        if (usedUp && isToBlame) {
            events.add(new BotEvent.RunEnded(now, run.epoch(), BotEvent.How.ERROR, said, 0));
            events.add(new BotEvent.Paused(now, said));
            return accept(events, Action.STOP, suspect);
        }
        long wait = errors + 1 > BotState.ROGUE_AFTER
                ? Backoff.rogue(run.run())
                : Math.max(judge.waitMillis(), rules.wait(suspect.eid(), suspect.attempts()));
        events.add(new BotEvent.RunEnded(now, run.epoch(), BotEvent.How.ERROR, said, now + wait));
        return accept(events, Action.RETRY, suspect);
    }

    /** How long no run starts after one was lost with an event that stood alone, ms; 0 if there was none. */
    static long waitAfterLoss(BotState state, BotState.Run run) {
        PoisonRules rules = PoisonRules.of(state.registration());
        return state.poison().suspects().values().stream()
                .filter(suspect -> suspect.epoch() == run.epoch() && suspect.verdict() == null)
                .mapToLong(suspect -> rules.wait(suspect.eid(), suspect.attempts()))
                .max()
                .orElse(0);
    }

    /** What the next run has to look out for. */
    static Caution caution(BotState state) {
        Map<String, EventId> suspects = new HashMap<>();
        state.poison().suspects().forEach((queue, suspect) -> suspects.put(queue, suspect.eid()));
        return new Caution(Map.copyOf(suspects), isToBeCareful(state));
    }

    /**
     * Whether the next run is to take single events and to say so before each: two in a row got nowhere and nobody knows
     * which event they had.
     */
    static boolean isToBeCareful(BotState state) {
        int stuck = 0;
        List<BotState.Past> past = state.past();
        for (int i = past.size() - 1; i >= 0 && isStuck(past.get(i)); i--) {
            stuck++;
        }
        long last = past.isEmpty() ? 0 : past.get(past.size() - 1).run().epoch();
        return stuck >= 2 && state.poison().suspects().values().stream().noneMatch(suspect -> suspect.epoch() == last);
    }

    private static boolean isStuck(BotState.Past past) {
        return past.run().records() == 0 && (past.how() == BotEvent.How.LOST || past.how() == BotEvent.How.EXPIRED);
    }

    private static BotDecision accept(List<BotEvent> events, Action action, Suspect suspect) {
        Verdict verdict = new Verdict(
                action,
                suspect.attempts(),
                Instant.ofEpochMilli(suspect.firstAt()),
                Instant.ofEpochMilli(suspect.lastAt()),
                suspect.error() == null && action != Action.TRY
                        ? "the run was lost while it was handled"
                        : suspect.error());
        return BotDecision.accept(events, after -> new BotReply.Judged(verdict));
    }

    private static String describe(String queue, Suspect suspect) {
        String error = suspect.error() == null ? "the run was lost while it was handled" : suspect.error();
        String said = "event " + suspect.eid() + " of queue " + queue + " failed, attempt " + suspect.attempts() + ": "
                + error;
        return said.length() > MAX_ERROR ? said.substring(0, MAX_ERROR) : said;
    }

    private static @Nullable String bounded(@Nullable String error) {
        if (error == null) {
            return null;
        }
        return error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) : error;
    }
}
