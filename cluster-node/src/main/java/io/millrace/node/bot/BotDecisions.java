package io.millrace.node.bot;

import io.millrace.node.application.ETags;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions about what administrators ask. Pure; {@code now} is ms since the epoch. */
final class BotDecisions {
    private static final BotDecision NO_SECRET = new BotDecision.Reject(Problem.of(
            ProblemType.UNPROCESSABLE,
            "the bot has no secret that could be kept",
            List.of(new InputError(null, "/handler/secret", "there is none that could be kept"))));

    private BotDecisions() {}

    static BotDecision register(BotState state, BotConfig given, @Nullable String ifMatch, long now) {
        if (ifMatch != null && !(state.exists() && ETags.matches(ifMatch, state.version()))) {
            return BotDecision.reject(ProblemType.PRECONDITION_FAILED, "the bot's entity tag is not the given one");
        }
        BotConfig config = withSecret(given, state);
        if (config == null) {
            return NO_SECRET;
        }
        boolean creates = !state.exists();
        if (!creates && !state.archived() && config.equals(state.config())) {
            return BotDecision.accept(List.of(), after -> new BotReply.Info(after, false));
        }
        List<BotEvent> events = new ArrayList<>();
        // A run that was granted under another registration may have other settings, triggers and limits.
        endRun(state, BotEvent.How.SUPERSEDED, now, events);
        events.add(new BotEvent.Registered(now, config));
        return BotDecision.accept(events, after -> new BotReply.Info(after, creates));
    }

    /** What was answered and comes back keeps its secret; null if there is none. */
    private static @Nullable BotConfig withSecret(BotConfig given, BotState state) {
        if (!(given.handler() instanceof HandlerSpec.Webhook webhook && webhook.keepsSecret())) {
            return given;
        }
        HandlerSpec before = state.exists() ? state.registration().handler() : null;
        return before instanceof HandlerSpec.Webhook known && known.secret() != null
                ? given.withHandler(webhook.withSecret(known.secret()))
                : null;
    }

    static BotDecision describe(BotState state) {
        return existing(state, List.of());
    }

    static BotDecision archive(BotState state, long now) {
        List<BotEvent> events = new ArrayList<>();
        if (!state.archived()) {
            endRun(state, BotEvent.How.SUPERSEDED, now, events);
            events.add(new BotEvent.Archived(now));
        }
        return existing(state, events);
    }

    static BotDecision pause(BotState state, @Nullable String reason, long now) {
        return existing(state, List.of(new BotEvent.Paused(now, reason)));
    }

    static BotDecision resume(BotState state, long now) {
        return existing(
                state, state.paused() || state.errorCount() > 0 ? List.of(new BotEvent.Resumed(now)) : List.of());
    }

    static BotDecision kill(BotState state, long now) {
        List<BotEvent> events = new ArrayList<>();
        endRun(state, BotEvent.How.KILLED, now, events);
        return existing(state, events);
    }

    /** Whether a run may be started by hand; starting it is the actor's. */
    static BotDecision runNow(BotState state) {
        if (state.exists() && state.archived()) {
            return BotDecision.reject(ProblemType.BOT_ARCHIVED, "an archived bot doesn't run");
        }
        if (state.paused()) {
            return BotDecision.reject(ProblemType.CONFLICT, "a paused bot doesn't run; resume it first");
        }
        return existing(state, List.of());
    }

    static BotDecision reset(BotState state, BotCommand.Reset reset, long now) {
        if (!state.read().containsKey(reset.queue()) && state.read().size() >= BotState.MAX_QUEUES) {
            return BotDecision.reject(
                    ProblemType.CONFLICT, "the bot has checkpoints of " + BotState.MAX_QUEUES + " queues already");
        }
        Checkpoint old = state.read().get(reset.queue());
        return set(
                state,
                new BotEvent.CheckpointSet(
                        now,
                        reset.queue(),
                        new Checkpoint(reset.position(), old == null ? 0 : old.records(), null, now, now),
                        reset.reason(),
                        reset.by(),
                        null),
                now);
    }

    /** Ends the run under way, so that it doesn't move the checkpoint on from where it was. */
    static BotDecision set(BotState state, BotEvent.CheckpointSet set, long now) {
        List<BotEvent> events = new ArrayList<>();
        endRun(state, BotEvent.How.SUPERSEDED, now, events);
        events.add(set);
        return existing(state, events);
    }

    static BotDecision runs(BotState state) {
        if (!state.exists()) {
            return notFound();
        }
        List<BotState.Past> newestFirst = new ArrayList<>(state.past());
        java.util.Collections.reverse(newestFirst);
        return BotDecision.accept(List.of(), after -> new BotReply.Runs(newestFirst));
    }

    private static BotDecision existing(BotState state, List<BotEvent> events) {
        return state.exists() ? BotDecision.accept(events, after -> new BotReply.Info(after, false)) : notFound();
    }

    static BotDecision notFound() {
        return BotDecision.reject(ProblemType.NOT_FOUND, "there is no such bot");
    }

    static void endRun(BotState state, BotEvent.How how, long now, List<BotEvent> events) {
        BotState.Run run = state.run();
        if (run != null) {
            events.add(new BotEvent.RunEnded(now, run.epoch(), how, null, 0));
        }
    }
}
