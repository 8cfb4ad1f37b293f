package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.QueueInfo;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Puts together what a bot knows of itself and what its queues know of it. */
final class BotLag {
    private final Queues queues;
    private final Clock clock;

    BotLag(Queues queues, Clock clock) {
        this.queues = queues;
        this.clock = clock;
    }

    CompletionStage<BotInfo> describe(String bot, BotState state) {
        return lags(state)
                .thenCombine(
                        written(bot, state), (lag, written) -> BotView.info(bot, state, lag, written, clock.millis()));
    }

    private CompletionStage<Map<String, BotInfo.Lag>> lags(BotState state) {
        CompletionStage<Map<String, BotInfo.Lag>> all = CompletableFuture.completedStage(new HashMap<>());
        for (String trigger : state.steadySources()) {
            CompletionStage<Outcome<Long>> behind =
                    orAway(queues.countAfter(new QueueName(trigger), state.position(trigger)));
            all = all.thenCombine(behind, (lags, outcome) -> {
                if (outcome instanceof Outcome.Done<Long> done) {
                    lags.put(trigger, lag(done.value(), state.read().get(trigger)));
                }
                return lags;
            });
        }
        return all;
    }

    /** A queue that gives no answer is left out: the bot itself can be told of, and was perhaps changed by this request. */
    private static <T> CompletionStage<Outcome<T>> orAway(CompletionStage<Outcome<T>> asked) {
        return asked.exceptionally(
                failure -> Outcome.refused(ProblemType.UNAVAILABLE, "the queue gives no answer in time"));
    }

    private BotInfo.Lag lag(long events, @Nullable Checkpoint checkpoint) {
        Long source = checkpoint == null ? null : checkpoint.sourceTimestamp();
        double seconds = events == 0 || source == null ? 0 : Math.max(0, clock.millis() - source) / 1_000.0;
        return new BotInfo.Lag(events, seconds);
    }

    /** Write checkpoints are kept by the queues that were written to. */
    private CompletionStage<Map<String, Checkpoint>> written(String bot, BotState state) {
        Set<String> candidates = new LinkedHashSet<>(state.written());
        List<String> registered = state.registration().writes();
        if (registered != null) {
            candidates.addAll(registered);
        }
        CompletionStage<Map<String, Checkpoint>> all = CompletableFuture.completedStage(new HashMap<>());
        for (String queue : candidates) {
            CompletionStage<Outcome<QueueInfo>> info = orAway(queues.describe(new QueueName(queue)));
            all = all.thenCombine(info, (written, outcome) -> {
                if (outcome instanceof Outcome.Done<QueueInfo> done) {
                    done.value().writers().stream()
                            .filter(writer -> writer.bot().equals(bot))
                            .forEach(writer -> written.put(queue, writer.checkpoint()));
                }
                return written;
            });
        }
        return all;
    }

    /** What an administrator means: {@code beginning}, {@code now}, an instant, an event id or a prefix of one. */
    CompletionStage<Outcome<Position>> position(QueueName queue, String text) {
        if (text.equals("beginning")) {
            return CompletableFuture.completedStage(Outcome.done(Position.BEGINNING));
        } else if (text.equals("now")) {
            return queues.tail(queue)
                    .thenApply(outcome ->
                            outcome.map(last -> last.map(Position::of).orElse(Position.BEGINNING)));
        }
        try {
            return CompletableFuture.completedStage(
                    Outcome.done(text.startsWith("z") ? Position.parse(text) : atInstant(Instant.parse(text))));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
            return CompletableFuture.completedStage(Outcome.refused(
                    ProblemType.INVALID_POSITION,
                    "a position is beginning, now, an ISO-8601 instant, an event id or a prefix of one"));
        }
    }

    /** Before all events of that millisecond. */
    private static Position atInstant(Instant instant) {
        String id = new EventId(instant.toEpochMilli(), 0).toString();
        return Position.parse(id.substring(0, id.indexOf('-')));
    }
}
