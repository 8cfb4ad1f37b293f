package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.RunProtocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A bot's state as users see it. */
final class BotView {
    private BotView() {}

    static BotInfo info(
            String bot, BotState state, Map<String, BotInfo.Lag> lag, Map<String, Checkpoint> written, long now) {
        boolean backingOff = state.run() == null && state.backoffUntil() > now;
        return new BotInfo(
                bot,
                state.registration().hidden(),
                Vitals.state(state.errorCount(), state.registration().lag(), lag, Map.of()),
                flags(state, backingOff),
                state.pauseReason(),
                state.errorCount(),
                state.lastError(),
                backingOff ? Instant.ofEpochMilli(state.backoffUntil()) : null,
                state.epoch(),
                run(state.run()),
                new BotInfo.Checkpoints(state.read(), written),
                lag,
                BotSlots.nextFive(bot, state, Instant.ofEpochMilli(now)),
                failing(state),
                new BotInfo.Runs(state.runs(), state.failed()));
    }

    private static List<String> flags(BotState state, boolean backingOff) {
        List<String> flags = new ArrayList<>();
        if (state.run() != null) {
            flags.add("running");
        }
        if (state.paused()) {
            flags.add("paused");
        }
        if (state.archived()) {
            flags.add("archived");
        }
        if (backingOff) {
            flags.add("backing-off");
        }
        return flags;
    }

    private static BotInfo.@Nullable Failing failing(BotState state) {
        Poison poison = state.poison();
        Redrives redrives = state.redriving();
        if (poison.isNone() && redrives.equals(Redrives.NONE)) {
            return null;
        }
        Map<String, BotInfo.Suspect> suspects = new TreeMap<>();
        poison.suspects()
                .forEach((queue, suspect) -> suspects.put(
                        queue,
                        new BotInfo.Suspect(
                                suspect.eid(),
                                suspect.attempts(),
                                Instant.ofEpochMilli(suspect.firstAt()),
                                Instant.ofEpochMilli(suspect.lastAt()),
                                suspect.error())));
        return new BotInfo.Failing(
                suspects, poison.deadLettered(), poison.skipped(), redrives.upTo(), redrives.singles());
    }

    private static BotInfo.@Nullable Run run(BotState.@Nullable Run run) {
        return run == null
                ? null
                : new BotInfo.Run(
                        run.run(),
                        run.epoch(),
                        run.worker() == null ? run.node() : null,
                        run.worker(),
                        Instant.ofEpochMilli(run.startedAt()),
                        Instant.ofEpochMilli(run.readUntil()),
                        Instant.ofEpochMilli(run.deadline()),
                        run.reason(),
                        run.slotTime());
    }

    static RunProtocol.Summaries summaries(List<BotState.Past> past) {
        return new RunProtocol.Summaries(past.stream().map(BotView::summary).toList());
    }

    static CheckpointLedger ledger(List<Ledger.Move> moves) {
        return new CheckpointLedger(moves.stream()
                .map(move -> new CheckpointLedger.Move(
                        move.entry(),
                        Instant.ofEpochMilli(move.at()),
                        move.kind(),
                        move.queue(),
                        move.by(),
                        move.reason(),
                        move.from(),
                        move.to(),
                        move.epoch(),
                        move.generation(),
                        move.undoes()))
                .toList());
    }

    private static RunProtocol.Summary summary(BotState.Past past) {
        BotState.Run run = past.run();
        return new RunProtocol.Summary(
                run.run(),
                run.epoch(),
                run.worker(),
                Instant.ofEpochMilli(run.startedAt()),
                Instant.ofEpochMilli(past.endedAt()),
                run.records(),
                past.how().name().toLowerCase(Locale.ROOT),
                past.error(),
                run.reason(),
                run.slotTime());
    }
}
