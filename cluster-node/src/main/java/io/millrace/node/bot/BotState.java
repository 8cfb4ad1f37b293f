package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import java.time.Instant;
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
        List<Past> past) {

    /** Queues that one bot may have checkpoints of. */
    static final int MAX_QUEUES = 1_000;

    /** Runs that are remembered. */
    static final int MAX_PAST = 20;

    /** More errors in a row make a bot rogue. */
    static final int ROGUE_AFTER = 10;

    /** A bot that was never registered. */
    static final BotState EMPTY = new BotState(
            0, null, 0, false, false, null, 0, 0, null, Map.of(), List.of(), 0, null, 0, 0, 0, null, null, null,
            List.of());

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

    /** What it knows of events that fail. */
    Poison poison() {
        return failing == null ? Poison.NONE : failing;
    }

    /** What became of its dead letters. */
    Redrives redriving() {
        return redrives == null ? Redrives.NONE : redrives;
    }

    /** The queues whose events wake it: its triggers, and where its dead letters are redriven. */
    List<String> wakers() {
        return withRedriven(triggers());
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

    /** The queues that its runs read: its triggers; without any, a bot with a schedule pulls from those that it names. */
    List<String> sources() {
        if (config == null || config.schedule() == null || !triggers().isEmpty()) {
            return wakers();
        }
        return config.reads() == null ? List.of() : withRedriven(config.reads());
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
            next.generation++;
            next.poison = next.poison.forget(set.queue());
            next.read.put(set.queue(), set.checkpoint());
        } else {
            throw new AssertionError("no rule to apply " + event);
        }
        return next.build();
    }
}
