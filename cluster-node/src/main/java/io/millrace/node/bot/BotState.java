package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a bot knows of itself. Pure: {@link #apply} is total; the decisions are in {@link BotDecisions} and {@link
 * RunDecisions}.
 *
 * @param createdAt ms since the epoch, 0 if it was never registered
 * @param config its registration
 * @param version counts registrations and archivings
 * @param epoch of its last run
 * @param generation of its positions: counts what administrators moved (design D5)
 * @param run the run under way
 * @param read read checkpoints by queue, at most {@link #MAX_QUEUES}
 * @param written queues it has written to, at most {@link #MAX_QUEUES}
 * @param errorCount errors in a row
 * @param backoffUntil ms; before it no run starts
 * @param slot ms; the slots of its schedule up to then are taken or were before its time, null if it never had a schedule
 * @param failing what it knows of events that fail, null for nothing
 * @param redrives what became of its dead letters, null for nothing
 * @param past the last runs, oldest first, at most {@link #MAX_PAST}
 * @param ledger what has moved its checkpoints other than its runs, null for nothing
 * @param replays ranges that it handles again, null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BotState(
        long createdAt,
        @Nullable BotConfig config,
        long version,
        boolean archived,
        boolean paused,
        @Nullable String pauseReason,
        long epoch,
        long generation,
        @Nullable Run run,
        Map<String, Checkpoint> read,
        List<String> written,
        int errorCount,
        @Nullable String lastError,
        long backoffUntil,
        long runs,
        long failed,
        @Nullable Long slot,
        @Nullable Poison failing,
        @Nullable Redrives redrives,
        List<Past> past,
        @Nullable Ledger ledger,
        @Nullable Replaying replays) {

    /** Queues that one bot may have checkpoints of. */
    static final int MAX_QUEUES = 1_000;

    /** Runs that are remembered. */
    static final int MAX_PAST = 20;

    /** More errors in a row make a bot rogue. */
    static final int ROGUE_AFTER = 10;

    /** A bot that was never registered. */
    static final BotState EMPTY = new BotState(
            0, null, 0, false, false, null, 0, 0, null, Map.of(), List.of(), 0, null, 0, 0, 0, null, null, null,
            List.of(), null, null);

    /**
     * A run under way.
     *
     * @param records events it has read
     * @param because why it began, null for events
     * @param slot the slot that it took, ms
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Run(
            String run,
            long epoch,
            String node,
            @Nullable String worker,
            long startedAt,
            long readUntil,
            long deadline,
            long records,
            @Nullable RunReason because,
            @Nullable Long slot) {
        Run read(long more) {
            return new Run(run, epoch, node, worker, startedAt, readUntil, deadline, records + more, because, slot);
        }

        RunReason reason() {
            return because == null ? RunReason.EVENTS : because;
        }

        @Nullable
        Instant slotTime() {
            return slot == null ? null : Instant.ofEpochMilli(slot);
        }
    }

    /** A run that is over. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Past(
            Run run,
            long endedAt,
            BotEvent.How how,
            @Nullable String error) {
        @JsonIgnore
        boolean isLossWithoutProgress() {
            return how == BotEvent.How.LOST && run.records() == 0;
        }
    }

    /** What has moved its checkpoints other than its runs. */
    Ledger moves() {
        return ledger == null ? Ledger.NONE : ledger;
    }

    /** What it knows of events that fail. */
    Poison poison() {
        return failing == null ? Poison.NONE : failing;
    }

    /** What became of its dead letters. */
    Redrives redriving() {
        return redrives == null ? Redrives.NONE : redrives;
    }

    private List<String> withRedriven(List<String> queues) {
        String redriven = redriving().queue();
        return redriven == null || queues.isEmpty()
                ? queues
                : Stream.concat(queues.stream(), Stream.of(redriven)).distinct().toList();
    }

    boolean exists() {
        return createdAt > 0;
    }

    /** Its registration; only of a bot that exists. */
    BotConfig registration() {
        if (config == null) {
            throw new IllegalStateException("the bot is not registered");
        }
        return config;
    }

    @JsonIgnore
    List<String> triggers() {
        return config == null || config.triggers() == null ? List.of() : config.triggers();
    }

    /** Ranges that it handles again. */
    Replaying replaying() {
        return replays == null ? Replaying.NONE : replays;
    }

    /** The queues whose events wake it: its triggers, and that of a replay under way. */
    List<String> wakers() {
        return withReplay(withRedriven(triggers()));
    }

    /** The queues that its runs read: those that it lags behind in, and that of a replay under way. */
    List<String> sources() {
        return withReplay(steadySources());
    }

    /** Its own, and where its dead letters are redriven. */
    List<String> steadySources() {
        return withRedriven(ownSources());
    }

    private List<String> withReplay(List<String> queues) {
        Replaying.Range active = replaying().active();
        String into = active == null ? null : active.into();
        if (into == null || queues.isEmpty()) {
            return queues;
        }
        List<String> all = new ArrayList<>(queues);
        all.add(into);
        return List.copyOf(all);
    }

    /** The queues of its registration: its triggers; without any, a bot with a schedule pulls from those that it names. */
    List<String> ownSources() {
        if (config == null || config.schedule() == null || !triggers().isEmpty()) {
            return triggers();
        }
        return config.reads() == null ? List.of() : config.reads();
    }

    /** Where it goes on reading a queue. */
    Position position(String queue) {
        Checkpoint checkpoint = read.get(queue);
        return checkpoint == null ? Position.BEGINNING : checkpoint.checkpoint();
    }

    @JsonIgnore
    boolean isRogue() {
        return errorCount > ROGUE_AFTER;
    }

    /** Whether a run may start at all. */
    boolean mayRun(long now) {
        return exists() && !archived && !paused && run == null && backoffUntil <= now;
    }

    /** The run under way if it is this one. */
    Optional<Run> running(long runEpoch, String id) {
        return run != null && run.epoch() == runEpoch && run.run().equals(id) ? Optional.of(run) : Optional.empty();
    }

    /** Whether the last run ended well, read nothing, and was that quick: the next one would do the same. */
    boolean lastRunDidNothingWithin(long millis) {
        if (past.isEmpty()) {
            return false;
        }
        Past last = past.get(past.size() - 1);
        return last.how() == BotEvent.How.OK
                && last.run().records() == 0
                && last.endedAt() - last.run().startedAt() < millis;
    }

    /** How many runs in a row, up to the last one, were lost without having come further. */
    int lossesInARow() {
        int losses = 0;
        for (int i = past.size() - 1; i >= 0 && past.get(i).isLossWithoutProgress(); i--) {
            losses++;
        }
        return losses;
    }

    BotState apply(BotEvent event) {
        BotStateBuilder next = new BotStateBuilder(this);
        if (event instanceof BotEvent.Registered registered) {
            next.registered(registered);
        } else if (event instanceof BotEvent.Archived) {
            next.archived = true;
            next.version++;
        } else if (event instanceof BotEvent.Paused pausing) {
            next.paused = true;
            next.pauseReason = pausing.reason();
        } else if (event instanceof BotEvent.Resumed) {
            next.paused = false;
            next.pauseReason = null;
            next.errorCount = 0;
            next.backoffUntil = 0;
            next.poison = next.poison.resumed();
        } else if (event instanceof BotEvent.RunStarted started) {
            next.started(started);
        } else if (event instanceof BotEvent.Checkpointed checkpointed) {
            next.checkpointed(checkpointed);
        } else if (event instanceof BotEvent.Wrote wrote) {
            next.written.add(wrote.queue());
        } else if (event instanceof BotEvent.RunEnded ended) {
            next.ended(ended);
        } else if (event instanceof BotEvent.Suspected suspected) {
            next.suspected(suspected);
        } else if (event instanceof BotEvent.RedriveBegun begun) {
            next.redrives = redriving().begun(begun);
        } else if (event instanceof BotEvent.RedriveEnded ended) {
            next.redrives = redriving().ended(ended);
        } else if (event instanceof BotEvent.DeadPurged purged) {
            next.redrives = redriving().settle(purged.letters());
        } else if (event instanceof BotEvent.CheckpointSet set) {
            next.set(set);
        } else if (event instanceof BotEvent.ReplayPlanned planned) {
            next.replays = next.replays.planned(planned);
        } else if (event instanceof BotEvent.ReplayBegun begun) {
            Checkpoint before = read.get(begun.into());
            next.replays = next.replays.change(
                    begun.number(),
                    range -> range.begun(begun.at(), begun.into(), before == null ? 0 : before.records()));
        } else if (event instanceof BotEvent.ReplayStepped stepped) {
            next.replays = next.replays.change(stepped.number(), range -> range.stepped(stepped));
        } else if (event instanceof BotEvent.ReplayCopied copied) {
            next.replays = next.replays.change(copied.number(), range -> range.copied(copied.end()));
        } else if (event instanceof BotEvent.ReplayEnded ended) {
            next.replays = next.replays.change(ended.number(), range -> range.ended(ended));
        } else if (event instanceof BotEvent.Skipped skipped) {
            next.skipped(skipped);
        } else {
            throw new AssertionError("no rule to apply " + event);
        }
        return next.build();
    }
}
