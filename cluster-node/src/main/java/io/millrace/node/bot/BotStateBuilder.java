package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.CheckpointLedger.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields of the next state; never leaves {@link BotState#apply}. */
final class BotStateBuilder {
    long createdAt;

    @Nullable
    BotConfig config;

    long version;
    boolean archived;
    boolean paused;

    @Nullable
    String pauseReason;

    long epoch;
    long generation;
    BotState.@Nullable Run run;
    final Map<String, Checkpoint> read;
    final TreeSet<String> written;
    int errorCount;

    @Nullable
    String lastError;

    long backoffUntil;
    long runs;
    long failed;

    @Nullable
    Long slot;

    Poison poison;

    @Nullable
    Redrives redrives;

    List<BotState.Past> past;
    Ledger ledger;
    Replaying replays;

    BotStateBuilder(BotState state) {
        createdAt = state.createdAt();
        config = state.config();
        version = state.version();
        archived = state.archived();
        paused = state.paused();
        pauseReason = state.pauseReason();
        epoch = state.epoch();
        generation = state.generation();
        run = state.run();
        read = new HashMap<>(state.read());
        written = new TreeSet<>(state.written());
        errorCount = state.errorCount();
        lastError = state.lastError();
        backoffUntil = state.backoffUntil();
        runs = state.runs();
        failed = state.failed();
        slot = state.slot();
        poison = state.poison();
        redrives = state.redrives();
        past = state.past();
        ledger = state.moves();
        replays = state.replaying();
    }

    void registered(BotEvent.Registered event) {
        if (event.config().schedule() != null && (archived || !hasScheduleOf(event.config()))) {
            slot = event.at(); // what lies before a schedule is no slot of it
        }
        createdAt = createdAt == 0 ? event.at() : createdAt;
        config = event.config();
        archived = false;
        Boolean wantsPause = event.config().paused();
        if (wantsPause != null) {
            paused = wantsPause;
            pauseReason = null;
        }
        version++;
    }

    private boolean hasScheduleOf(BotConfig other) {
        return config != null
                && Objects.equals(config.schedule(), other.schedule())
                && Objects.equals(config.timeZone(), other.timeZone());
    }

    void started(BotEvent.RunStarted event) {
        epoch = event.epoch();
        runs++;
        run = new BotState.Run(
                event.run(),
                event.epoch(),
                event.node(),
                event.worker(),
                event.at(),
                event.readUntil(),
                event.deadline(),
                0,
                event.because(),
                event.slot());
        if (event.slot() != null) {
            slot = slot == null ? event.slot() : Math.max(slot, event.slot());
        }
    }

    void checkpointed(BotEvent.Checkpointed event) {
        long more = 0;
        for (Map.Entry<String, Checkpoint> entry : event.read().entrySet()) {
            Checkpoint before = read.put(entry.getKey(), entry.getValue());
            more += Math.max(0, entry.getValue().records() - (before == null ? 0 : before.records()));
        }
        poison = poison.passed(event.read());
        if (run != null) {
            run = run.read(more);
        }
    }

    void suspected(BotEvent.Suspected event) {
        errorCount = event.errors();
        lastError = event.failedAll() ? event.suspect().error() : lastError;
        Long records = event.failedAll() && run != null ? run.records() : null;
        poison = poison.with(event.queue(), event.suspect(), records);
    }

    void ended(BotEvent.RunEnded event) {
        boolean isSuccess = event.how() == BotEvent.How.OK && (run == null || !poison.hasOnlyDisposed(run.records()));
        poison = poison.runEnded();
        if (run != null) {
            List<BotState.Past> all = new ArrayList<>(past);
            all.add(new BotState.Past(run, event.at(), event.how(), event.error()));
            past = all.subList(Math.max(0, all.size() - BotState.MAX_PAST), all.size());
        }
        run = null;
        backoffUntil = event.backoffUntil();
        if (event.how().isFailure()) {
            errorCount++;
            failed++;
            lastError = event.error();
        } else if (isSuccess) {
            errorCount = 0;
        }
    }

    void set(BotEvent.CheckpointSet event) {
        generation++;
        poison = poison.forget(event.queue());
        Checkpoint before = read.put(event.queue(), event.checkpoint());
        ledger = ledger.with(new Ledger.Move(
                0,
                event.at(),
                event.undoes() == null ? Kind.SET : Kind.UNDO,
                event.queue(),
                event.by(),
                event.reason(),
                before == null ? null : before.checkpoint(),
                event.checkpoint().checkpoint(),
                epoch,
                generation,
                event.undoes()));
    }

    void skipped(BotEvent.Skipped event) {
        Checkpoint before = read.get(event.queue());
        ledger = ledger.with(new Ledger.Move(
                0,
                event.at(),
                Kind.SKIP,
                event.queue(),
                null,
                null,
                before == null ? null : before.checkpoint(),
                Position.of(event.to()),
                epoch,
                generation,
                null));
    }

    BotState build() {
        return new BotState(
                createdAt,
                config,
                version,
                archived,
                paused,
                pauseReason,
                epoch,
                generation,
                run,
                Map.copyOf(read),
                List.copyOf(written),
                errorCount,
                lastError,
                backoffUntil,
                runs,
                failed,
                slot,
                poison.isNone() ? null : poison,
                redrives,
                List.copyOf(past),
                ledger.last() == 0 ? null : ledger,
                replays.last() == 0 ? null : replays);
    }
}
