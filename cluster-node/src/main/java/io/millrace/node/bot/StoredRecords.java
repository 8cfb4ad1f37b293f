package io.millrace.node.bot;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.application.LaneId;
import io.millrace.node.journal.BotTable;
import io.millrace.node.journal.RunTable;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notes in Cassandra how the bots of this node stand: so many at a time, and no more, whatever the bots do. Counted as {@code
 * millrace.notes} by {@code kind} (bot, run) and {@code outcome} (done, busy, failed).
 */
final class StoredRecords implements BotRecords {
    /** Notes under way: each asks a bot's queues how far it is behind. */
    static final int MAX_NOTES = 64;

    /** Runs being noted. */
    static final int MAX_RUNS = 512;

    private final BotLag lag;
    private final BotTable bots;
    private final RunTable runs;
    private final Clock clock;
    private final AtomicInteger notesUnderWay = new AtomicInteger();
    private final AtomicInteger runsUnderWay = new AtomicInteger();

    private final MeterRegistry meters;
    private final LagMeters lagMeters;

    StoredRecords(BotLag lag, BotTable bots, RunTable runs, Clock clock, MeterRegistry meters, LagMeters lagMeters) {
        this.lagMeters = lagMeters;
        this.lag = lag;
        this.bots = bots;
        this.runs = runs;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public CompletionStage<Trend> note(String bot, BotState state, @Nullable Trend known, Tally more) {
        long at = clock.millis();
        return limited("bot", notesUnderWay, 1, MAX_NOTES, () -> {
            String key = LaneId.note(bot);
            CompletionStage<Trend> past = known == null
                    ? bots.get(key)
                            .thenApply(row -> row.flatMap(BotRow::parse)
                                    .map(BotRow::trend)
                                    .orElse(Trend.NONE))
                    : CompletableFuture.completedStage(known);
            return past.thenCombine(
                            lag.facts(bot, state).thenApply(facts -> {
                                lagMeters.noted(bot, facts.waiting());
                                return facts;
                            }),
                            (before, facts) -> BotRow.of(
                                    bot,
                                    state,
                                    facts,
                                    before.counted(more, at).looked(facts, state.createdAt(), clock.millis()),
                                    at))
                    .thenCompose(row -> bots.put(key, row.toText(), at).thenApply(done -> row.trend()));
        });
    }

    @Override
    public CompletionStage<?> note(String bot, List<RunProtocol.Summary> summaries) {
        return limited(
                "run",
                runsUnderWay,
                summaries.size(),
                MAX_RUNS,
                () -> CompletableFuture.allOf(summaries.stream()
                        .map(run -> runs.put(bot, run.epoch(), run.queues() == null ? 0 : 1, text(run))
                                .toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
    }

    private static String text(RunProtocol.Summary run) {
        return new String(Json.bytes(run), StandardCharsets.UTF_8);
    }

    private <T> CompletionStage<T> limited(
            String kind, AtomicInteger underWay, int count, int max, Supplier<CompletionStage<T>> work) {
        if (underWay.addAndGet(count) > max) {
            underWay.addAndGet(-count);
            count(kind, "busy");
            return CompletableFuture.failedStage(new IllegalStateException("too much is being noted"));
        }
        CompletionStage<T> begun;
        try {
            begun = work.get();
        } catch (RuntimeException thrown) {
            begun = CompletableFuture.failedStage(thrown);
        }
        return begun.whenComplete((done, failure) -> {
            underWay.addAndGet(-count);
            count(kind, failure == null ? "done" : "failed");
        });
    }

    private void count(String kind, String outcome) {
        Counter.builder("millrace.notes")
                .description("Notes for lists and histories of how bots stand and what their runs came to")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }
}
