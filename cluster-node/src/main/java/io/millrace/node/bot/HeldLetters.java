package io.millrace.node.bot;

import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.ProducerInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Redrives and purges letters of keys that wait, in their order. The bot's runs are barred first, so that nothing changes while
 * the open letters are looked through; then copies of some are appended, under a number that makes a repetition harmless; then
 * the bot is told which, and reads nothing but these until they are handled. Whatever was begun and is left, the bot has {@link
 * #settle settled}: what was to be redriven is found again by what it wrote down, and whether it was by its queue.
 */
final class HeldLetters {
    private static final int STEP_BYTES = 1 << 20;

    /** How long a run has to end by itself. */
    private static final int GRACE_STEPS = 80;

    private static final long STEP_MILLIS = 100;

    private final Queues queues;
    private final BotGroups.Ask bots;

    HeldLetters(Queues queues, BotGroups.Ask bots) {
        this.queues = queues;
        this.bots = bots;
    }

    /**
     * Copies letters for the bot to handle.
     *
     * @param singles which, with the payload that the bot gets, null for the one that it had; none for all
     */
    CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, Map<EventId, @Nullable Payload> singles) {
        return barred(bot, false, singles);
    }

    /** @param singles which, none for all */
    CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, List<EventId> singles) {
        Map<EventId, @Nullable Payload> those = new LinkedHashMap<>();
        singles.forEach(single -> those.put(single, null));
        return barred(bot, true, those);
    }

    private CompletionStage<Outcome<DeadLetters.Settled>> barred(
            BotId bot, boolean purges, Map<EventId, @Nullable Payload> singles) {
        String queue = DeadLetterOffice.redriven(bot).value();
        return DeadLetterOffice.then(
                ask(bot, replyTo -> new BotCommand.BarLetters(queue, purges, List.copyOf(singles.keySet()), replyTo)),
                begun -> DeadLetterOffice.then(
                        quiet(bot, begun, GRACE_STEPS),
                        state -> DeadLetterOffice.then(
                                tails(state),
                                tails -> DeadLetterOffice.then(
                                        scan(bot, new HeldScan(state, tails, purges, singles)),
                                        scan -> done(bot, number(state), scan)))));
    }

    /** The bot once it has no run: a run that ends by itself has told all that it has done. One that doesn't is killed. */
    private CompletionStage<Outcome<BotState>> quiet(BotId bot, BotState state, int steps) {
        if (state.run() == null) {
            return CompletableFuture.completedStage(Outcome.done(state));
        } else if (steps == 0) {
            return ask(bot, BotCommand.Kill::new);
        }
        return new CompletableFuture<Boolean>()
                .completeOnTimeout(true, STEP_MILLIS, TimeUnit.MILLISECONDS)
                .thenCompose(later ->
                        DeadLetterOffice.then(ask(bot, BotCommand.Describe::new), now -> quiet(bot, now, steps - 1)));
    }

    /** How far runs may have come that could not say so. */
    private CompletionStage<Outcome<Map<String, EventId>>> tails(BotState state) {
        CompletionStage<Outcome<Map<String, EventId>>> all =
                CompletableFuture.completedStage(Outcome.done(new HashMap<>()));
        if (state.waiting().dirty() == null) {
            return all;
        }
        for (String queue : state.waiting().keys().keySet()) {
            all = DeadLetterOffice.then(
                    all,
                    tails -> DeadLetterOffice.then(queues.tail(new QueueName(queue)), tail -> {
                        tail.ifPresent(last -> tails.put(queue, last));
                        return CompletableFuture.completedStage(Outcome.done(tails));
                    }));
        }
        return all;
    }

    private static long number(BotState state) {
        Holds.Bar bar = state.waiting().bar();
        if (bar == null) {
            throw new IllegalStateException("the bot isn't barred");
        }
        return bar.number();
    }

    private CompletionStage<Outcome<DeadLetters.Settled>> done(BotId bot, long number, HeldScan scan) {
        Problem refusal = scan.refusal();
        if (refusal != null) {
            return DeadLetterOffice.then(
                    lift(bot, number, null),
                    lifted -> CompletableFuture.completedStage(new Outcome.Refused<>(refusal)));
        } else if (scan.purges() || scan.events().isEmpty()) {
            return settled(bot, number, scan);
        }
        return queues.append(
                        DeadLetterOffice.redriven(bot),
                        DeadLetterOffice.append(bot, number, scan.events().values()))
                .thenCompose(outcome -> {
                    if (outcome instanceof Outcome.Done<AppendResult> appended) {
                        return DeadLetterOffice.appended(
                                lift(bot, number, scan.moved(appended.value().last())),
                                new DeadLetters.Settled(scan.letters(), scan.more()));
                    }
                    Problem problem = ((Outcome.Refused<AppendResult>) outcome).problem();
                    // What may have been appended the bot finds out by itself.
                    return problem.is(ProblemType.UNKNOWN_OUTCOME)
                            ? CompletableFuture.completedStage(new Outcome.Refused<>(problem))
                            : DeadLetterOffice.then(
                                    lift(bot, number, null),
                                    lifted -> CompletableFuture.completedStage(new Outcome.Refused<>(problem)));
                });
    }

    private CompletionStage<Outcome<DeadLetters.Settled>> settled(BotId bot, long number, HeldScan scan) {
        return DeadLetterOffice.then(
                lift(bot, number, scan.moved(null)),
                state -> CompletableFuture.completedStage(
                        Outcome.done(new DeadLetters.Settled(scan.letters(), scan.more()))));
    }

    private CompletionStage<Outcome<BotState>> lift(BotId bot, long number, Holds.@Nullable Moved moved) {
        return ask(bot, replyTo -> new BotCommand.MoveLetters(number, moved, replyTo));
    }

    /** Ends what somebody has begun and left. */
    CompletionStage<Outcome<BotState>> settle(BotId bot) {
        return DeadLetterOffice.then(
                ask(bot, BotCommand.Describe::new),
                found -> found.waiting().bar() == null
                        ? CompletableFuture.completedStage(Outcome.done(found))
                        : DeadLetterOffice.then(quiet(bot, found, GRACE_STEPS), state -> settle(bot, state)));
    }

    private CompletionStage<Outcome<BotState>> settle(BotId bot, BotState state) {
        Holds.Bar bar = state.waiting().bar();
        if (bar == null) {
            return CompletableFuture.completedStage(Outcome.done(state));
        }
        return DeadLetterOffice.then(
                copied(bot, bar),
                end -> end.isEmpty()
                        ? lift(bot, bar.number(), null)
                        : DeadLetterOffice.then(
                                tails(state),
                                tails -> DeadLetterOffice.then(
                                        scan(bot, HeldScan.again(state, tails, bar)),
                                        scan -> lift(bot, bar.number(), scan.moved(end.get())))));
    }

    /** The last of what a redrive has appended; nothing if it hasn't. */
    private CompletionStage<Outcome<Optional<EventId>>> copied(BotId bot, Holds.Bar bar) {
        if (bar.purges()) {
            return CompletableFuture.completedStage(Outcome.done(Optional.empty()));
        }
        return queues.producer(DeadLetterOffice.redriven(bot), DeadLetterOffice.producer(bar.number()))
                .thenApply(outcome -> {
                    if (outcome instanceof Outcome.Done<ProducerInfo> done) {
                        return Outcome.done(Optional.ofNullable(done.value().last()));
                    }
                    Problem problem = ((Outcome.Refused<ProducerInfo>) outcome).problem();
                    return problem.is(ProblemType.NOT_FOUND)
                            ? Outcome.done(Optional.empty())
                            : new Outcome.Refused<>(problem);
                });
    }

    private CompletionStage<Outcome<HeldScan>> scan(BotId bot, HeldScan scan) {
        return scan(bot, scan, Cursor.after(scan.from()));
    }

    private CompletionStage<Outcome<HeldScan>> scan(BotId bot, HeldScan scan, Cursor cursor) {
        Position after = cursor.after();
        return DeadLetterOffice.then(
                queues.read(DeadLetterOffice.dead(bot), cursor, STEP_BYTES, Duration.ZERO), step -> {
                    for (Event letter : DeadLetterOffice.events(step.blocks(), after)) {
                        scan.take(letter);
                    }
                    return step.atTail()
                            ? CompletableFuture.completedStage(Outcome.done(scan.atTail()))
                            : scan(bot, scan, step.next());
                });
    }

    private CompletionStage<Outcome<BotState>> ask(BotId bot, Function<ActorRef<BotReply>, BotCommand> request) {
        return DeadLetterOffice.ask(bots, bot, request);
    }
}
