package io.millrace.node.bot;

import io.millrace.node.application.Ticker;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Has it noted how one bot stands and what its runs came to: off the run's path, one note of a kind at a time, and never what
 * a run waits for. Times are ticks, ms.
 *
 * <p>How exact: a note follows a change after {@link #DELAY}, but no sooner than {@link #EVERY} after the note before; one
 * that fails is repeated as late. When a node dies,
 * what its bots have done since their last notes is missing in their rates, and a note may tell of the state before; the bot's
 * next request or event puts that right. A run whose note got lost is noted with the next run that ends, as long as it is
 * among the {@link BotState#MAX_PAST} that the bot remembers.
 */
final class Chronicle {
    /** Between two notes of how a bot stands, ms. */
    static final long EVERY = 5_000;

    /** Between a change and its note: a short run is over by then, and noted once. */
    static final long DELAY = 1_000;

    private final String bot;
    private final BotRecords records;
    private final Clock clock;
    private final Ticker ticker;
    private Tally fresh = Tally.NONE;
    private Tally handed = Tally.NONE;
    private @Nullable Trend known;
    private @Nullable CompletableFuture<Trend> note;
    private @Nullable CompletableFuture<?> history;
    private boolean historyIsWhole;
    private boolean changed;
    private boolean unsure = true;
    private boolean hadReason;
    private long notBefore;
    private long startedEpoch;
    private Map<String, Checkpoint> startedFrom = Map.of();

    Chronicle(BotId bot, BotRecords records, Clock clock, Ticker ticker) {
        this.bot = bot.value();
        this.records = records;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** The log was read: what was noted may be of before a death. */
    void recovered() {
        unsure = true;
        historyIsWhole = false;
    }

    /** Somebody has something to do with the bot. */
    void touched() {
        if (unsure) {
            change();
        }
        unsure = false;
    }

    /** Its lanes go on: what was noted is old. */
    void lanesWorked() {
        touched();
        change();
    }

    private void change() {
        if (!changed) {
            changed = true;
            notBefore = Math.max(notBefore, ticker.millis() + DELAY);
        }
    }

    /** A commit is durable. */
    void settled(BotState before, BotState after) {
        touched();
        change();
        long epoch = after.epoch();
        fresh = fresh.plus(
                clock.millis(),
                Math.max(0, records(after, epoch) - records(before, epoch)),
                0,
                after.runs() - before.runs(),
                after.failed() - before.failed());
        if (after.run() != null && (before.run() == null || before.epoch() != epoch)) {
            startedEpoch = epoch;
            startedFrom = after.read();
        }
        if (!after.past().equals(before.past())) {
            runEnded(after);
        }
    }

    /** How many events a run has handled, as far as it is remembered. */
    static long records(BotState state, long epoch) {
        BotState.Run run = state.run();
        if (run != null && run.epoch() == epoch) {
            return run.records();
        }
        List<BotState.Past> past = state.past();
        BotState.Run last = past.isEmpty() ? null : past.get(past.size() - 1).run();
        return last != null && last.epoch() == epoch ? last.records() : 0;
    }

    private void runEnded(BotState state) {
        CompletableFuture<?> before = history;
        historyIsWhole &= before == null || (before.isDone() && !before.isCompletedExceptionally());
        List<BotState.Past> past = state.past();
        List<RunProtocol.Summary> runs =
                new ArrayList<>(BotView.summaries(bot, past).runs());
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).epoch() == startedEpoch) {
            runs.set(last, runs.get(last).with(ranges(state)));
        }
        // Only where all that came before is noted for certain, the last one does.
        history = records.note(bot, historyIsWhole ? runs.subList(Math.max(0, last), runs.size()) : runs)
                .toCompletableFuture();
        historyIsWhole = true;
    }

    private Map<String, RunProtocol.Range> ranges(BotState state) {
        Map<String, RunProtocol.Range> ranges = new TreeMap<>();
        state.read().forEach((queue, to) -> {
            Checkpoint from = startedFrom.get(queue);
            if (!to.equals(from)) {
                ranges.put(
                        queue,
                        new RunProtocol.Range(
                                from == null ? Position.BEGINNING : from.checkpoint(),
                                to.checkpoint(),
                                Math.max(0, to.records() - (from == null ? 0 : from.records()))));
            }
        });
        return ranges;
    }

    /**
     * Time to note what has changed.
     *
     * @param hasReason whether there is something to run for, which changes without a commit
     */
    void work(BotState state, boolean hasReason) {
        if (hasReason != hadReason) {
            change();
        }
        hadReason = hasReason;
        harvest();
        changed &= state.exists(); // a name that was asked for and is none is noted nowhere
        if (changed && note == null && notBefore <= ticker.millis()) {
            begin(state, known);
            harvest();
        }
    }

    private void begin(BotState state, @Nullable Trend past) {
        changed = false;
        handed = fresh;
        fresh = Tally.NONE;
        notBefore = ticker.millis() + EVERY;
        note = records.note(bot, state, past, handed).toCompletableFuture();
    }

    private void harvest() {
        CompletableFuture<Trend> done = note;
        if (done == null || !done.isDone()) {
            return;
        }
        note = null;
        Trend noted = done.isCompletedExceptionally() ? null : done.getNow(Trend.NONE);
        if (noted == null) {
            fresh = fresh.plus(handed, clock.millis());
            changed = true;
        } else {
            known = noted;
        }
    }

    /** Whether something has yet to be noted. */
    boolean isPending() {
        return changed || note != null;
    }

    /** The bot leaves in an orderly way: what has yet to be noted is, without waiting for it. */
    void leave(BotState state) {
        harvest();
        CompletableFuture<Trend> underWay = note;
        if (!changed || !state.exists()) {
            return;
        }
        if (underWay == null) {
            begin(state, known);
        } else {
            Tally more = fresh;
            Tally all = more.plus(handed, clock.millis());
            Trend past = known;
            changed = false;
            note = underWay.handle((noted, failure) -> failure == null
                            ? records.note(bot, state, noted, more)
                            : records.note(bot, state, past, all))
                    .thenCompose(last -> last);
        }
    }
}
