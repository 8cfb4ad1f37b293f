package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.Replays;
import io.millrace.node.bot.Replaying.Plan;
import io.millrace.node.bot.Replaying.Range;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.QueueInfo;
import io.millrace.protocol.http.Replay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Plans replays, and speaks with the bots that do them. */
final class ReplayOffice implements Replays {
    private static final String QUEUE = ".replay.";
    private static final int IN_TURN = 16;
    private static final long MOST_A_SECOND = 1_000_000;

    private final Queues queues;
    private final BotGroups.Ask bots;
    private final BotLag positions;
    private final Clock clock;

    /** @param bots answers with a refusal where there is no such bot */
    ReplayOffice(Queues queues, BotGroups.Ask bots, BotLag positions, Clock clock) {
        this.queues = queues;
        this.bots = bots;
        this.positions = positions;
        this.clock = clock;
    }

    /**
     * The queue that a bot gets the events of a replay by. There are some of them in turn, so that what empties one, however late
     * it comes, never meets the replay that uses it next.
     */
    static String queue(String bot, long number) {
        return bot + QUEUE + number % IN_TURN;
    }

    /** The one that is to be empty when its turn comes. */
    static String laterQueue(String bot, long number) {
        return queue(bot, number + IN_TURN / 2);
    }

    private record Counted(Plan plan, Replay.Downstream downstream) {}

    @Override
    public CompletionStage<Outcome<Replay>> plan(Replay.Request request) {
        Long rate = request.rate();
        if (rate != null && (rate < 1 || rate > MOST_A_SECOND)) {
            return refused("/rate", "must be 1 to " + MOST_A_SECOND);
        } else if (!isName(request.bot(), BotId::new)) {
            return refused("/bot", "is not the name of a bot");
        } else if (!isName(request.queue(), QueueName::of)) {
            return refused("/queue", "is not the name of a queue");
        } else if (!isName(queue(request.bot(), IN_TURN - 1L), QueueName::new)) {
            return refused("/bot", "a bot with so long a name can't have a queue of its replays");
        }
        String until = request.until() == null ? "now" : request.until();
        QueueName queue = QueueName.of(request.queue());
        return then(ask(request.bot(), BotCommand.Describe::new), state -> {
            if (!state.ownSources().contains(queue.value())) {
                return refused("/queue", "the bot doesn't read it");
            }
            return then(
                    positions.position(queue, request.after()),
                    after -> then(
                            positions.position(queue, until),
                            last -> then(
                                    counted(state, queue, after, last, request),
                                    counted -> then(
                                            ask(
                                                    request.bot(),
                                                    replyTo -> new BotCommand.PlanReplay(counted.plan(), replyTo)),
                                            planned -> done(view(
                                                    request.bot(),
                                                    planned,
                                                    planned.replaying()
                                                            .find(planned.replaying()
                                                                    .last())
                                                            .orElseThrow(),
                                                    counted.downstream()))))));
        });
    }

    private CompletionStage<Outcome<Counted>> counted(
            BotState state, QueueName queue, Position after, Position until, Replay.Request request) {
        if (after.firstAfter().compareTo(until.firstAfter()) >= 0) {
            return refused("/until", "is not behind after");
        }
        return then(
                queues.countAfter(queue, after),
                all -> then(queues.countAfter(queue, until), rest -> {
                    long events = Math.max(0, all - rest);
                    return then(
                            queues.describe(queue),
                            info -> new Downstream(queues, bots)
                                    .of(state)
                                    .thenApply(downstream -> Outcome.done(new Counted(
                                            new Plan(
                                                    0,
                                                    queue.value(),
                                                    after,
                                                    until,
                                                    request.rate(),
                                                    request.by(),
                                                    events,
                                                    share(info, events)),
                                            downstream))));
                }));
    }

    private static long share(QueueInfo info, long events) {
        return info.events() == 0 ? 0 : Math.round((double) info.bytes() / info.events() * events);
    }

    @Override
    public CompletionStage<Outcome<Replay>> start(String id) {
        return with(id, (bot, number) -> replyTo -> new BotCommand.StartReplay(bot, number, replyTo));
    }

    @Override
    public CompletionStage<Outcome<Replay>> get(String id) {
        return with(id, (bot, number) -> BotCommand.Describe::new);
    }

    @Override
    public CompletionStage<Outcome<Replay>> cancel(String id) {
        return with(id, (bot, number) -> replyTo -> new BotCommand.CancelReplay(number, replyTo));
    }

    @Override
    public CompletionStage<Outcome<Replay.Listing>> list(BotId bot) {
        return then(ask(bot.value(), BotCommand.Describe::new), state -> {
            List<Replay> found = new ArrayList<>();
            state.replaying().all().forEach(range -> found.add(view(bot.value(), state, range, null)));
            Collections.reverse(found);
            return done(new Replay.Listing(found));
        });
    }

    /** What is asked of a bot about one of its replays. */
    private interface About {
        Function<ActorRef<BotReply>, BotCommand> of(String bot, long number);
    }

    /** An id is the replay's number and its bot: whoever has it needs no other place to look. */
    private CompletionStage<Outcome<Replay>> with(String id, About about) {
        int dash = id.indexOf('-');
        String digits = dash < 1 ? "" : id.substring(0, dash);
        String bot = id.substring(dash + 1);
        if (!digits.matches("[0-9]{1,18}") || !isName(bot, BotId::new)) {
            return CompletableFuture.completedStage(notFound());
        }
        long number = Long.parseLong(digits);
        return then(
                ask(bot, about.of(bot, number)),
                state -> CompletableFuture.completedStage(state.replaying()
                        .find(number)
                        .map(range -> Outcome.done(view(bot, state, range, null)))
                        .orElseGet(ReplayOffice::notFound)));
    }

    private static Outcome<Replay> notFound() {
        return Outcome.refused(ProblemType.NOT_FOUND, "there is no such replay (any more)");
    }

    private Replay view(String bot, BotState state, Range range, Replay.@Nullable Downstream downstream) {
        Plan plan = range.plan();
        return new Replay(
                plan.number() + "-" + bot,
                bot,
                plan.queue(),
                plan.after(),
                plan.until(),
                plan.rate(),
                plan.by(),
                shown(range),
                plan.events(),
                plan.bytes(),
                time(state, plan),
                downstream,
                Instant.ofEpochMilli(range.plannedAt()),
                Instant.ofEpochMilli(range.expiresAt()),
                range.startedAt() == 0 ? null : Instant.ofEpochMilli(range.startedAt()),
                range.endedAt() == 0 ? null : Instant.ofEpochMilli(range.endedAt()),
                range.into(),
                range.copied(),
                range.phase() == Replaying.Phase.DONE ? range.copied() : ReplayDecisions.handled(state, range),
                range.error());
    }

    private Replay.State shown(Range range) {
        return range.phase() == Replaying.Phase.PLANNED && range.expiresAt() <= clock.millis()
                ? Replay.State.EXPIRED
                : Replay.State.valueOf(range.phase().name());
    }

    /** By the rate, and by what the bot's last runs have done while they lasted. */
    private static @Nullable Duration time(BotState state, Plan plan) {
        long records = 0;
        long millis = 0;
        for (BotState.Past past : state.past()) {
            records += past.run().records();
            millis +=
                    past.run().records() == 0 ? 0 : past.endedAt() - past.run().startedAt();
        }
        Long rate = plan.rate();
        if (records == 0 && rate == null) {
            return null;
        }
        double byRuns = records == 0 ? 0 : (double) plan.events() * millis / records;
        double byRate = rate == null ? 0 : plan.events() * 1_000.0 / rate;
        return Duration.ofMillis(Math.round(Math.max(byRuns, byRate)));
    }

    private CompletionStage<Outcome<BotState>> ask(String bot, Function<ActorRef<BotReply>, BotCommand> request) {
        return bots.ask(bot, request).thenApply(reply -> {
            if (reply instanceof BotReply.Info info) {
                return Outcome.done(info.state());
            } else if (reply instanceof BotReply.Refused refused) {
                return new Outcome.Refused<>(refused.problem());
            }
            throw new AssertionError("not an answer to this: " + reply);
        });
    }

    private static boolean isName(String text, Function<String, ?> parse) {
        try {
            return Objects.nonNull(parse.apply(text));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static <T> CompletionStage<Outcome<T>> refused(String pointer, String detail) {
        return CompletableFuture.completedStage(Outcome.refusedAt(pointer, detail));
    }

    private static <T> CompletionStage<Outcome<T>> done(T value) {
        return CompletableFuture.completedStage(Outcome.done(value));
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
