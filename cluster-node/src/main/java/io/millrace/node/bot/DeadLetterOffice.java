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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Sends dead letters back through their bots, or purges them. Redriven events go to a queue of the bot's own, {@code
 * <bot>.redrive}, that its runs read as any other: so one instance handles them, in order, and what they emit has marks of
 * its own (design D5). See {@link Redrives} for what a crash leaves behind.
 */
final class DeadLetterOffice {
    private static final String REDRIVE = ".redrive";
    private static final int MOST_LETTERS = 1_000;
    private static final long MOST_BYTES = 8L << 20;
    private static final int STEP_BYTES = 1 << 20;

    private final Queues queues;
    private final BotGroups.Ask bots;
    private final Clock clock;

    DeadLetterOffice(Queues queues, BotGroups.Ask bots, Clock clock) {
        this.queues = queues;
        this.bots = bots;
        this.clock = clock;
    }

    /** Dead letters as they were found, by id, with what the bot is to get. */
    private record Found(Letters letters, Map<EventId, NewEvent> events, boolean more) {}

    CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, DeadLetters.Redrive redrive) {
        List<DeadLetters.Edited> edited = redrive.events();
        EventId eid = redrive.eid();
        return then(cleared(bot), redrives -> {
            if (edited != null) {
                return then(edited(bot, edited), found -> redrive(bot, found));
            } else if (eid != null) {
                return then(one(bot, eid), letter -> redrive(bot, found(List.of(letter))));
            }
            return then(all(bot, redrives), found -> redrive(bot, found));
        });
    }

    CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Optional<EventId> eid) {
        return then(cleared(bot), redrives -> {
            if (eid.isPresent()) {
                return then(one(bot, eid.get()), letter -> purge(bot, Letters.of(List.of(letter.eid())), 1));
            }
            return then(
                    queues.tail(dead(bot)),
                    tail -> tail.isEmpty()
                            ? done(0, false)
                            : then(
                                    queues.countAfter(dead(bot), redrives.settledUpTo()),
                                    count -> purge(
                                            bot,
                                            Letters.upTo(tail.get()),
                                            Math.max(
                                                    0,
                                                    count - redrives.singles().size()))));
        });
    }

    private CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Letters letters, long count) {
        return then(ask(bot, replyTo -> new BotCommand.Purge(letters, replyTo)), after -> done(count, false));
    }

    /** How the bot's dead letters stand, after what an earlier request may have left is cleared. */
    private CompletionStage<Outcome<Redrives>> cleared(BotId bot) {
        return then(ask(bot, BotCommand.Describe::new), redrives -> {
            Redrives.Pending pending = redrives.pending();
            if (pending == null || clock.millis() < pending.until()) {
                return CompletableFuture.completedStage(Outcome.done(redrives));
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
                        queues.append(redriven(bot), append(bot, begun.number(), found)),
                        appended -> then(
                                ask(bot, replyTo -> new BotCommand.EndRedrive(begun.number(), true, replyTo)),
                                ended -> done(found.events().size(), found.more()))));
    }

    /** One append, taken once however often it is done: each redrive is a producer of its own. */
    private static Append append(BotId bot, long number, Found found) {
        BlockWriter writer = new BlockWriter(bot.value());
        found.events().values().forEach(writer::add);
        return new Append(List.of(writer.build(true)), new Append.Sequence(producer(number), 1), null, List.of());
    }

    private static ProducerId producer(long number) {
        return new ProducerId("redrive." + number);
    }

    private CompletionStage<Outcome<Found>> edited(BotId bot, List<DeadLetters.Edited> edited) {
        CompletionStage<Outcome<Map<EventId, NewEvent>>> all =
                CompletableFuture.completedStage(Outcome.done(new LinkedHashMap<>()));
        for (DeadLetters.Edited one : edited) {
            all = then(
                    all,
                    events -> then(one(bot, one.eid()), letter -> {
                        events.put(letter.eid(), redriven(letter, one.payload()));
                        return CompletableFuture.completedStage(Outcome.done(events));
                    }));
        }
        return then(
                all,
                events -> CompletableFuture.completedStage(
                        Outcome.done(new Found(Letters.of(List.copyOf(events.keySet())), events, false))));
    }

    private static Found found(List<Event> letters) {
        Map<EventId, NewEvent> events = new LinkedHashMap<>();
        letters.forEach(letter -> events.put(letter.eid(), redriven(letter, original(letter))));
        return new Found(Letters.of(List.copyOf(events.keySet())), events, false);
    }

    private static NewEvent redriven(Event letter, Payload payload) {
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
        String text = eid.toString();
        Position before = Position.parse(text.substring(0, text.length() - 1));
        return then(
                read(bot, Cursor.after(before)),
                step -> CompletableFuture.completedStage(events(step.blocks(), before).stream()
                        .filter(event -> event.eid().equals(eid))
                        .findFirst()
                        .map(Outcome::done)
                        .orElseGet(() -> Outcome.refused(ProblemType.NOT_FOUND, "there is no such dead letter"))));
    }

    private CompletionStage<Outcome<ReadStep>> read(BotId bot, Cursor cursor) {
        return queues.read(dead(bot), cursor, STEP_BYTES, Duration.ZERO);
    }

    /** Those that nobody is done with, in order, as many as one append takes. */
    private CompletionStage<Outcome<Found>> all(BotId bot, Redrives redrives) {
        Position from = redrives.settledUpTo();
        return all(
                bot, redrives, Cursor.after(from), new Found(Letters.of(List.of()), new LinkedHashMap<>(), false), 0);
    }

    private CompletionStage<Outcome<Found>> all(BotId bot, Redrives redrives, Cursor cursor, Found sofar, long bytes) {
        return then(read(bot, cursor), step -> {
            Map<EventId, NewEvent> events = sofar.events();
            Letters letters = sofar.letters();
            long size = bytes;
            for (Event letter : events(step.blocks(), cursor.after())) {
                if (!redrives.isSettled(letter.eid())) {
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
                    : all(bot, redrives, step.next(), found, size);
        });
    }

    private static List<Event> events(List<Block> blocks, Position after) {
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

    private CompletionStage<Outcome<Redrives>> ask(BotId bot, Function<ActorRef<BotReply>, BotCommand> request) {
        return bots.ask(bot.value(), request).thenApply(reply -> {
            if (reply instanceof BotReply.Info info) {
                return Outcome.done(info.state().redriving());
            } else if (reply instanceof BotReply.Refused refused) {
                return new Outcome.Refused<>(refused.problem());
            }
            throw new AssertionError("not an answer to this: " + reply);
        });
    }

    private static QueueName dead(BotId bot) {
        return DeadLetter.queue(bot);
    }

    private static QueueName redriven(BotId bot) {
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

    private static <A, B> CompletionStage<Outcome<B>> then(
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
