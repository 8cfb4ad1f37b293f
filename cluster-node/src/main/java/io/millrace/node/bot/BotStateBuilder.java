package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.CheckpointLedger.Kind;
import io.millrace.protocol.lane.Lane;
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

    @Nullable
    Lanes lanes;

    @Nullable
    LaneDuty duty;

    List<BotState.Past> past;
    Ledger ledger;
    Replaying replays;

    @Nullable
    Easing easing;

    Holds holds;

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
        lanes = state.lanes();
        duty = state.duty();
        past = state.past();
        ledger = state.moves();
        replays = state.replaying();
        easing = state.easing();
        holds = state.waiting();
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
        lanes = lanes == null && event.config().laneCount() > 1 ? Lanes.NONE : lanes;
        laneOrders();
    }

    /** What its lanes are told has changed. */
    void laneOrders() {
        lanes = lanes == null ? null : lanes.revised();
    }

    /** As the bot of lanes. */
    void opened(BotEvent.LanesOpened event) {
        lanes = (lanes == null ? Lanes.NONE : lanes).opened(event);
        beginAt(event.read(), event.epoch());
    }

    private void beginAt(Map<String, Checkpoint> places, long after) {
        epoch = Math.max(epoch, after);
        poison.suspects().keySet().forEach(queue -> poison = poison.forget(queue));
        read.clear();
        read.putAll(places);
        generation++;
        errorCount = 0;
        backoffUntil = 0;
    }

    /** As a lane. */
    void ordered(BotEvent.LaneOrdered event) {
        LaneOrder order = event.order();
        LaneDuty before = duty;
        LaneDuty known = before == null || before.layout() < order.layout() ? null : before;
        createdAt = createdAt == 0 ? event.at() : createdAt;
        config = order.config();
        archived = order.archived();
        version++;
        boolean resumed = known == null || order.resumes() > known.resumes();
        if (resumed) {
            errorCount = 0;
            backoffUntil = 0;
            poison = poison.resumed();
            easing = order.easing();
        }
        // A lane that stopped at a poison event by itself goes on when the bot is resumed.
        if (order.paused() || known == null || known.paused() || resumed) {
            paused = order.paused();
            pauseReason = order.pauseReason();
        }
        if (known == null) {
            beginAt(order.start(), order.epoch());
        }
        Lane lane = known == null ? order.lane() : known.lane();
        for (Map.Entry<String, Lanes.Move> moved : order.moved().entrySet()) {
            Lanes.Move move = moved.getValue();
            if (known == null || move.number() > known.moves()) {
                generation++;
                poison = poison.forget(moved.getKey());
                read.put(moved.getKey(), LaneDecisions.at(move.to(), 0));
                lane = lane.passed(List.of(moved.getKey()));
            }
        }
        String replayed = order.replayed();
        if (replayed != null && (known == null || !replayed.equals(known.replayed()))) {
            // The bot counts from here how far its lanes have come; an earlier replay may have gone by the same queue.
            read.computeIfPresent(replayed, (queue, at) -> LaneDecisions.at(at, 0));
        }
        duty = LaneDuty.of(order, lane);
    }

    private boolean hasScheduleOf(BotConfig other) {
        return config != null
                && Objects.equals(config.schedule(), other.schedule())
                && Objects.equals(config.timeZone(), other.timeZone());
    }

    void started(BotEvent.RunStarted event) {
        epoch = event.epoch();
        runs++;
        easing = easing == null || easing.left(event.at()) == null ? null : easing;
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
        poison = poison.passed(event.read(), holds.reading() == null || redrives == null ? null : redrives.queue());
        redrivenInOrder();
        passed();
        if (run != null) {
            run = run.read(more);
        }
    }

    /** What was redriven in order may be behind. */
    private void redrivenInOrder() {
        EventId end = holds.reading();
        Checkpoint reached = redrives == null || redrives.queue() == null ? null : read.get(redrives.queue());
        if (end != null && reached != null && !reached.checkpoint().isBefore(end)) {
            holds = holds.read();
        }
    }

    /** What is purged while copies of it are being handled isn't to be handled any more. */
    void moved(BotEvent.LettersMoved event) {
        EventId was = holds.reading();
        holds = holds.moved(event);
        String queue = redrives == null ? null : redrives.queue();
        if (was != null && holds.reading() == null && queue != null) {
            Checkpoint before = read.get(queue);
            read.put(
                    queue,
                    new Checkpoint(
                            Position.of(was), before == null ? 0 : before.records(), null, event.at(), event.at()));
            poison = poison.forget(queue);
        }
    }

    /** What it need not leave out any more is forgotten. */
    private void passed() {
        Lane lane = duty != null ? duty.lane() : lanes == null ? null : lanes.lane(0);
        Lane.Before before = lane == null ? null : lane.before();
        if (before == null) {
            return;
        }
        List<String> queues = before.done().keySet().stream()
                .filter(queue -> {
                    Checkpoint at = read.get(queue);
                    return at != null && Lane.compare(at.checkpoint(), before.furthest(queue)) >= 0;
                })
                .toList();
        if (duty != null) {
            duty = duty.passed(queues);
        } else if (lanes != null) {
            lanes = lanes.passed(queues);
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
        if (event.how() != BotEvent.How.OK && !Boolean.TRUE.equals(event.settled())) {
            holds = holds.unsettled();
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
        redrivenInOrder();
        ledger = ledger.with(new Ledger.Move(
                0,
                event.at(),
                event.undoes() == null ? Kind.SET : Kind.UNDO,
                event.queue(),
                event.by(),
                event.reason(),
                event.from() != null ? event.from() : before == null ? null : before.checkpoint(),
                event.checkpoint().checkpoint(),
                epoch,
                generation,
                event.undoes()));
        lanes = lanes == null ? null : lanes.moved(event.queue(), new Lanes.Move(generation, event.checkpoint()));
    }

    void began(BotEvent.ReplayBegun event) {
        Checkpoint before = read.get(event.into());
        replays = replays.change(
                event.number(), range -> range.begun(event.at(), event.into(), before == null ? 0 : before.records()));
        laneOrders();
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
                lanes,
                duty,
                List.copyOf(past),
                ledger.last() == 0 ? null : ledger,
                replays.last() == 0 ? null : replays,
                easing,
                holds.isNone() ? null : holds);
    }
}
