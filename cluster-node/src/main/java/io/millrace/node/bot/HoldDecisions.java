package io.millrace.node.bot;

import io.millrace.node.run.DeadLetter;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol.Action;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decisions about keys whose events wait behind a dead letter. Pure; {@code now} is ms since the epoch. */
final class HoldDecisions {
    static final String TOO_MANY = "more than " + Holds.MAX
            + " keys would wait behind dead letters; redrive or purge these, then resume the bot";

    private HoldDecisions() {}

    /** Bars the bot's runs, so that somebody can redrive or purge letters in order. */
    static BotDecision bar(BotState state, BotCommand.BarLetters request, long now) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        } else if (state.archived() && !request.purges()) {
            return BotDecision.reject(ProblemType.BOT_ARCHIVED, "an archived bot handles nothing");
        } else if (state.redriving().pending() != null || state.waiting().bar() != null) {
            return BotDecision.reject(
                    ProblemType.TOO_MANY_REQUESTS, "another redrive of the bot is under way; try again in a minute");
        } else if (state.waiting().reading() != null
                && !(request.purges() && request.singles().isEmpty())) {
            return BotDecision.reject(
                    ProblemType.CONFLICT,
                    "dead letters that were redriven are being handled, in order; what is left can be redriven then");
        }
        // The run under way is told to end: what it then says is all that it has done.
        return accept(List.of(new BotEvent.LettersBarred(
                now, request.queue(), state.redriving().number() + 1, request.purges(), request.singles())));
    }

    /** Lifts the bar. */
    static BotDecision move(BotState state, BotCommand.MoveLetters request, long now) {
        Holds.Bar bar = state.waiting().bar();
        if (!state.exists() || bar == null || bar.number() != request.number()) {
            return BotDecision.reject(ProblemType.CONFLICT, "that redrive was settled by somebody else");
        }
        if (state.run() != null) {
            return BotDecision.reject(ProblemType.CONFLICT, "a run of the bot is under way");
        }
        return accept(List.of(new BotEvent.LettersMoved(now, request.number(), request.moved())));
    }

    private static BotDecision accept(List<BotEvent> events) {
        return BotDecision.accept(events, after -> new BotReply.Info(after, false));
    }

    /** A run asks for an event that isn't handled to follow its key's first one. */
    static BotDecision behind(BotState state, BotState.Run run, BotCommand.Judge judge, long now) {
        String key = judge.key();
        if (key == null || state.waiting().find(judge.queue(), key) == null) {
            return BotDecision.reject(ProblemType.CONFLICT, "no event of that key is among the dead letters");
        }
        List<BotEvent> events =
                judge.read().isEmpty() ? List.of() : List.of(new BotEvent.Checkpointed(now, run.epoch(), judge.read()));
        return BotDecision.accept(events, after -> new BotReply.Judged(DeadLetter.BEHIND));
    }

    /**
     * What is decided where a key's events wait.
     *
     * @param event what is to be noted of the key, null for nothing
     */
    record Ruling(Action action, @Nullable BotEvent event) {}

    /** What becomes of an event that would go to the dead letters; nothing if no key of the bot's may wait any more. */
    static @Nullable Ruling rule(BotState state, BotCommand.Judge judge) {
        if (!PoisonRules.of(state.registration()).keepsOrder()) {
            return new Ruling(Action.DEAD_LETTER, null);
        }
        String key = Objects.requireNonNull(judge.key());
        EventId letter = judge.letter();
        Holds holds = state.waiting();
        if (letter != null && judge.queue().equals(state.redriving().queue()) && holds.hasCopy(key, letter)) {
            return new Ruling(Action.SKIP, new BotEvent.KeyStuck(key, letter));
        } else if (holds.find(judge.queue(), key) != null) {
            return new Ruling(Action.DEAD_LETTER, null);
        }
        return holds.size() >= Holds.MAX
                ? null
                : new Ruling(Action.DEAD_LETTER, new BotEvent.KeyHeld(judge.queue(), key, judge.eid()));
    }

    /** What was decided may have been forgotten of the key, where its letter wasn't there yet when others were purged. */
    static Optional<BotEvent> again(BotState state, BotCommand.Judge judge) {
        String key = judge.key();
        return key == null
                        || !PoisonRules.of(state.registration()).keepsOrder()
                        || state.waiting().find(judge.queue(), key) != null
                ? Optional.empty()
                : Optional.of(new BotEvent.KeyHeld(judge.queue(), key, judge.eid()));
    }

    /** Whether a run's question lacks what is needed to keep a key's order. */
    static boolean isIncomplete(BotState state, BotCommand.Judge judge) {
        return judge.key() == null && PoisonRules.of(state.registration()).keepsOrder();
    }

    /** Why a registration can't replace the one before, null if it can. */
    static @Nullable BotDecision refusal(BotState state, BotConfig config) {
        if (state.waiting().isNone() || !state.exists()) {
            return null;
        }
        BotConfig before = state.registration();
        boolean same =
                Objects.equals(before.poisonKey(), config.poisonKey()) && before.onPoisonKey() == config.onPoisonKey();
        return same
                ? null
                : BotDecision.reject(
                        ProblemType.CONFLICT,
                        "keys wait behind dead letters: redrive or purge these before poisonKey or onPoisonKey is"
                                + " changed");
    }

    /** Why the checkpoint of a queue can't be moved, null if it can: what waits would come twice, or never. */
    static @Nullable BotDecision refusal(BotState state, String queue) {
        boolean waits = state.waiting().bar() != null || state.waiting().keys().containsKey(queue);
        return waits
                ? BotDecision.reject(
                        ProblemType.CONFLICT,
                        "keys of the queue wait behind dead letters: redrive or purge these before its checkpoint is"
                                + " moved")
                : null;
    }
}
