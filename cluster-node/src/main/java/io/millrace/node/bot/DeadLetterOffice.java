package io.millrace.node.bot;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.application.Append;
import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.node.run.DeadLetter;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.ProducerInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters back through their bots, or purges them. Redriven events go to a queue of the bot's own, {@code
 * <bot>.redrive}, that its runs read as any other: so one instance handles them, in order, and what they emit has marks of
 * its own (design D5). See {@link Redrives} for what a crash leaves behind.
 */
final class DeadLetterOffice {
    private static final String REDRIVE = ".redrive";
    static final int MOST_LETTERS = 1_000;
    static final long MOST_BYTES = 8L << 20;
    private static final int STEP_BYTES = 1 << 20;

    private final Queues queues;
    private final BotGroups.Ask bots;
    private final Clock clock;
    private final HeldLetters held;

    DeadLetterOffice(Queues queues, BotGroups.Ask bots, Clock clock) {
        this.queues = queues;
        this.bots = bots;
        this.clock = clock;
        this.held = new HeldLetters(queues, bots);
    }

    /** Dead letters as they were found, by id, with what the bot is to get. */
    private record Found(Letters letters, Map<EventId, NewEvent> events, boolean more) {}

    CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, DeadLetters.Redrive redrive) {
        List<DeadLetters.Edited> edited = redrive.events();
        EventId eid = redrive.eid();
        return then(cleared(bot), state -> {
            if (edited != null) {
                return then(letters(bot, edited), letters -> redrive(bot, letters));
            } else if (eid != null) {
                return then(one(bot, eid), letter -> {
                    Map<Event, @Nullable Payload> single = new LinkedHashMap<>();
                    single.put(letter, null);
                    return redrive(bot, single);
                });
            }
            return then(
                    all(bot, state),
                    found -> found.events().isEmpty() && state.waiting().size() > 0
                            ? held.redrive(bot, Map.of())
                            : redrive(bot, found));
        });
    }

    /** @param letters with the payload given for each, null for its own */
    private CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, Map<Event, @Nullable Payload> letters) {
        Map<EventId, @Nullable Payload> inOrder = new LinkedHashMap<>();
        Map<EventId, NewEvent> events = new LinkedHashMap<>();
        letters.forEach((letter, given) -> {
            if (HeldScan.Kept.of(letter) == null) {
                events.put(letter.eid(), redriven(letter, given == null ? original(letter) : given));
            } else {
                inOrder.put(letter.eid(), given);
            }
        });
        if (inOrder.isEmpty()) {
            return redrive(bot, new Found(Letters.of(List.copyOf(events.keySet())), events, false));
        }
        return events.isEmpty()
                ? held.redrive(bot, inOrder)
                : CompletableFuture.completedStage(Outcome.refused(
                        ProblemType.CONFLICT,
                        "some of these dead letters are of keys that wait and some are not; redrive the ones first,"
                                + " then the others"));
    }

    /** Ends a redrive in order that somebody has begun and left. */
    CompletionStage<Outcome<BotState>> settle(BotId bot) {
        return held.settle(bot);
    }

    CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Optional<EventId> eid) {
        return then(cleared(bot), state -> {
            if (eid.isPresent()) {
                return then(
                        one(bot, eid.get()),
                        letter -> HeldScan.Kept.of(letter) == null
                                ? purge(bot, Letters.of(List.of(letter.eid())), 1)
                                : held.purge(bot, List.of(letter.eid())));
            }
            return state.waiting().size() == 0
                    ? purgeAll(bot, state)
                    : then(
                            held.purge(bot, List.of()),
                            waited -> then(
                                    purgeAll(bot, state), all -> done(Math.max(all.events(), waited.events()), false)));
        });
    }

    private CompletionStage<Outcome<DeadLetters.Settled>> purgeAll(BotId bot, BotState state) {
        Redrives redrives = state.redriving();
        return then(
                queues.tail(dead(bot)),
                tail -> tail.isEmpty()
                        ? done(0, false)
                        : then(
                                queues.countAfter(dead(bot), redrives.settledUpTo()),
                                count -> purge(
                                        bot,
                                        Letters.upTo(tail.get()),
                                        Math.max(0, count - redrives.singles().size()))));
    }

    private CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Letters letters, long count) {
        return then(ask(bot, replyTo -> new BotCommand.Purge(letters, replyTo)), after -> done(count, false));
    }

    /** How the bot's dead letters stand, after what an earlier request may have left is cleared. */
    private CompletionStage<Outcome<BotState>> cleared(BotId bot) {
        return then(ask(bot, BotCommand.Describe::new), state -> {
            Redrives.Pending pending = state.redriving().pending();
            if (pending == null || clock.millis() < pending.until()) {
                return CompletableFuture.completedStage(Outcome.done(state));
            }
            return then(
                    isTaken(bot, pending.number()),
                    taken -> ask(bot, replyTo -> new BotCommand.EndRedrive(pending.number(), taken, replyTo)));
        });
    }

    private CompletionStage<Outcome<Boolean>> isTaken(BotId bot, long number) {
        return queues.producer(redriven(bot), producer(number)).thenApply(outcome -> {
            if (outcome instanceof Outcome.Refused<ProducerInfo> refused) {
                return refused.problem().is(ProblemType.NOT_FOUND)
                        ? Outcome.done(false)
                        : new Outcome.Refused<>(refused.problem());
            }
            return Outcome.done(true);
        });
    }

    private CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, Found found) {
        if (found.events().isEmpty()) {
            return found.letters().upTo() == null ? done(0, found.more()) : purge(bot, found.letters(), 0);
        }
        String queue = redriven(bot).value();
        return then(
                ask(bot, replyTo -> new BotCommand.BeginRedrive(queue, found.letters(), replyTo)),
                begun -> then(
                        queues.append(
                                redriven(bot),
                                append(
                                        bot,
                                        begun.redriving().number(),
                                        found.events().values())),
                        appended -> appended(
                                ask(
                                        bot,
                                        replyTo -> new BotCommand.EndRedrive(
                                                begun.redriving().number(), true, replyTo)),
                                new DeadLetters.Settled(found.events().size(), found.more()))));
    }

    /**
     * What is appended is redriven, whether the bot could be told of it or not: who is at it next finds out. To answer that the
     * bot wasn't there would say that nothing was done.
     */
    static CompletionStage<Outcome<DeadLetters.Settled>> appended(
            CompletionStage<Outcome<BotState>> telling, DeadLetters.Settled settled) {
        return telling.handle((told, failure) -> Outcome.done(settled));
    }

    /** One append, taken once however often it is done: each redrive is a producer of its own. */
    static Append append(BotId bot, long number, Collection<NewEvent> events) {
        BlockWriter writer = new BlockWriter(bot.value());
        events.forEach(writer::add);
        return new Append(List.of(writer.build(true)), new Append.Sequence(producer(number), 1), null, List.of());
    }

    static ProducerId producer(long number) {
        return new ProducerId("redrive." + number);
    }

    private CompletionStage<Outcome<Map<Event, @Nullable Payload>>> letters(
            BotId bot, List<DeadLetters.Edited> edited) {
        CompletionStage<Outcome<Map<Event, @Nullable Payload>>> all =
                CompletableFuture.completedStage(Outcome.done(new LinkedHashMap<>()));
        for (DeadLetters.Edited one : edited) {
            all = then(
                    all,
                    letters -> then(one(bot, one.eid()), letter -> {
                        letters.put(letter, one.payload());
                        return CompletableFuture.completedStage(Outcome.done(letters));
                    }));
        }
        return all;
    }

    static NewEvent redriven(Event letter, Payload payload) {
        return new NewEvent(
                        payload, Correlation.of(letter.queue(), letter.eid()), letter.sourceTimestamp(), letter.bot())
                .in(letter.trace());
    }

    /** What the bot couldn't handle; a letter that isn't one of ours goes as it is. */
    private static Payload original(Event letter) {
        JsonNode tree = letter.payload().tree();
        JsonNode payload = tree.get("payload");
        return payload == null ? letter.payload() : Payload.of(payload);
    }

    private CompletionStage<Outcome<Event>> one(BotId bot, EventId eid) {
        Position before = before(eid);
        return then(
                read(bot, Cursor.after(before)),
                step -> CompletableFuture.completedStage(events(step.blocks(), before).stream()
                        .filter(event -> event.eid().equals(eid))
                        .findFirst()
                        .map(Outcome::done)
                        .orElseGet(() -> Outcome.refused(ProblemType.NOT_FOUND, "there is no such dead letter"))));
    }

    /** A position before an event, and at most few others. */
    static Position before(EventId eid) {
        String text = eid.toString();
        return Position.parse(text.substring(0, text.length() - 1));
    }

    private CompletionStage<Outcome<ReadStep>> read(BotId bot, Cursor cursor) {
        return queues.read(dead(bot), cursor, STEP_BYTES, Duration.ZERO);
    }

    /** Those that nobody is done with, in order, as many as one append takes. */
    private CompletionStage<Outcome<Found>> all(BotId bot, BotState state) {
        Position from = state.redriving().settledUpTo();
        return all(bot, state, Cursor.after(from), new Found(Letters.of(List.of()), new LinkedHashMap<>(), false), 0);
    }

    private CompletionStage<Outcome<Found>> all(BotId bot, BotState state, Cursor cursor, Found sofar, long bytes) {
        return then(read(bot, cursor), step -> {
            Map<EventId, NewEvent> events = sofar.events();
            Letters letters = sofar.letters();
            long size = bytes;
            for (Event letter : events(step.blocks(), cursor.after())) {
                HeldScan.Kept kept = HeldScan.Kept.of(letter);
                if (kept != null && kept.isOpen(state, letter.eid())) {
                    return CompletableFuture.completedStage(Outcome.done(new Found(letters, events, true)));
                } else if (kept == null && !state.redriving().isSettled(letter.eid())) {
                    NewEvent event = redriven(letter, original(letter));
                    size += event.encodedBound();
                    if (!events.isEmpty() && (events.size() >= MOST_LETTERS || size > MOST_BYTES)) {
                        return CompletableFuture.completedStage(Outcome.done(new Found(letters, events, true)));
                    }
                    events.put(letter.eid(), event);
                }
                letters = Letters.upTo(letter.eid());
            }
            Found found = new Found(letters, events, false);
            return step.atTail()
                    ? CompletableFuture.completedStage(Outcome.done(found))
                    : all(bot, state, step.next(), found, size);
        });
    }

    static List<Event> events(List<Block> blocks, Position after) {
        List<Event> events = new ArrayList<>();
        for (Block block : blocks) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                if (after.isBefore(reader.eid())) {
                    events.add(reader.event());
                }
            }
        }
        return events;
    }

    private CompletionStage<Outcome<BotState>> ask(BotId bot, Function<ActorRef<BotReply>, BotCommand> request) {
        return ask(bots, bot, request);
    }

    static CompletionStage<Outcome<BotState>> ask(
            BotGroups.Ask bots, BotId bot, Function<ActorRef<BotReply>, BotCommand> request) {
        return bots.ask(bot.value(), request).thenApply(reply -> {
            if (reply instanceof BotReply.Info info) {
                return Outcome.done(info.state());
            } else if (reply instanceof BotReply.Refused refused) {
                return new Outcome.Refused<>(refused.problem());
            }
            throw new AssertionError("not an answer to this: " + reply);
        });
    }

    static QueueName dead(BotId bot) {
        return DeadLetter.queue(bot);
    }

    static QueueName redriven(BotId bot) {
        return new QueueName(bot.value() + REDRIVE);
    }

    /** The longest name of a bot that has room for the names of its queues, else what is wrong with it. */
    static Optional<Problem> nameProblem(BotId bot) {
        int most = 200 - REDRIVE.length();
        return bot.value().length() <= most
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemType.UNPROCESSABLE,
                        "a bot's name has at most " + most
                                + " characters: its queues of dead letters are named after it"));
    }

    private static CompletionStage<Outcome<DeadLetters.Settled>> done(long events, boolean more) {
        return CompletableFuture.completedStage(Outcome.done(new DeadLetters.Settled(events, more)));
    }

    static <A, B> CompletionStage<Outcome<B>> then(
            CompletionStage<Outcome<A>> stage, Function<A, CompletionStage<Outcome<B>>> next) {
        return stage.thenCompose(outcome -> {
            if (outcome instanceof Outcome.Done<A> done) {
                return next.apply(done.value());
            }
            Outcome<B> refused = new Outcome.Refused<>(((Outcome.Refused<A>) outcome).problem());
            return CompletableFuture.completedStage(refused);
        });
    }
}
