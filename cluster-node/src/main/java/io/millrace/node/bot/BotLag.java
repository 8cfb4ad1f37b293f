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
import java.util.Optional;
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
        return describe(bot, state, null);
    }

    /** @param trend what was noted of its past, null if nothing is known */
    CompletionStage<BotInfo> describe(String bot, BotState state, @Nullable Trend trend) {
        return facts(bot, state).thenApply(facts -> Vitals.info(bot, state, facts, trend, clock.millis()));
    }

    /** Asks the queues; a queue that gives no answer in time is left out. */
    CompletionStage<BotFacts> facts(String bot, BotState state) {
        return waiting(state).thenCombine(written(bot, state), (waiting, written) -> {
            Map<String, Checkpoint> known = new HashMap<>();
            written.forEach((queue, checkpoint) -> checkpoint.ifPresent(found -> known.put(queue, found)));
            return new BotFacts(
                    waiting, known, written.size() == candidates(state).size());
        });
    }

    private CompletionStage<Map<String, BotFacts.Waiting>> waiting(BotState state) {
        CompletionStage<Map<String, BotFacts.Waiting>> all = CompletableFuture.completedStage(new HashMap<>());
        for (String source : state.steadySources()) {
            CompletionStage<Outcome<BotFacts.Waiting>> behind = orAway(
                            queues.countAfter(new QueueName(source), state.position(source)))
                    .thenCompose(count -> count instanceof Outcome.Done<Long> done
                            ? since(source, state, done.value())
                                    .thenApply(since -> Outcome.done(new BotFacts.Waiting(done.value(), since)))
                            : CompletableFuture.completedStage(
                                    new Outcome.Refused<>(((Outcome.Refused<Long>) count).problem())));
            all = all.thenCombine(behind, (waiting, outcome) -> {
                if (outcome instanceof Outcome.Done<BotFacts.Waiting> done) {
                    waiting.put(source, done.value());
                }
                return waiting;
            });
        }
        return all;
    }

    /** From when on the lag counts, ms; null where nothing waits. */
    private CompletionStage<@Nullable Long> since(String source, BotState state, long events) {
        Checkpoint checkpoint = state.read().get(source);
        Long read = checkpoint == null ? null : checkpoint.sourceTimestamp();
        if (events == 0 || read != null) {
            return CompletableFuture.completedStage(events == 0 ? null : read);
        }
        // It has read nothing yet, or was set to where it is: what waits the longest is what it would read next.
        long position = state.position(source).firstAfter().millis();
        return orAway(queues.describe(new QueueName(source)))
                .thenApply(outcome -> outcome instanceof Outcome.Done<QueueInfo> done
                                && done.value().first() != null
                        ? (Long) Math.max(position, done.value().first().millis())
                        : position > 0 ? (Long) position : null);
    }

    /** A queue that gives no answer is left out: the bot itself can be told of, and was perhaps changed by this request. */
    private static <T> CompletionStage<Outcome<T>> orAway(CompletionStage<Outcome<T>> asked) {
        return asked.exceptionally(
                failure -> Outcome.refused(ProblemType.UNAVAILABLE, "the queue gives no answer in time"));
    }

    private static Set<String> candidates(BotState state) {
        Set<String> candidates = new LinkedHashSet<>(state.written());
        List<String> registered = state.registration().writes();
        if (registered != null) {
            candidates.addAll(registered);
        }
        return candidates;
    }

    /** Write checkpoints are kept by the queues that were written to; a queue that gives no answer is left out. */
    private CompletionStage<Map<String, Optional<Checkpoint>>> written(String bot, BotState state) {
        CompletionStage<Map<String, Optional<Checkpoint>>> all = CompletableFuture.completedStage(new HashMap<>());
        for (String queue : candidates(state)) {
            CompletionStage<Outcome<QueueInfo>> info = orAway(queues.describe(new QueueName(queue)));
            all = all.thenCombine(info, (written, outcome) -> {
                if (outcome instanceof Outcome.Done<QueueInfo> done) {
                    written.put(
                            queue,
                            done.value().writers().stream()
                                    .filter(writer -> writer.bot().equals(bot))
                                    .findFirst()
                                    .map(QueueInfo.Writer::checkpoint));
                } else if (((Outcome.Refused<QueueInfo>) outcome)
                        .problem()
                        .type()
                        .equals(ProblemType.NOT_FOUND.urn())) {
                    written.put(queue, Optional.empty());
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
