package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.node.bot.Replaying.Range;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the events of the replay under way copied, step by step: one thing at a time, each repeated until it is done. Who is the
 * bot next goes on with the step that is journaled.
 */
final class ReplayDesk {
    private static final long REPEAT_MILLIS = 1_000;

    /** Events of one step; with a rate, what it allows in a second. */
    static final int STEP = 1_000;

    /** Copies wait while so many of them aren't handled: what is cancelled was mostly not copied. */
    static final long MOST_AHEAD = 20_000;

    /** That all is copied, and what the last of it became. */
    private record End(@Nullable EventId id) {}

    /** Runs a stage beside the actor, and notes in it what came of it. */
    interface Beside {
        <T> void run(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> note);
    }

    private final BotContext bot;
    private final Beside beside;
    private long number;
    private long copiedStep;
    private boolean prepared;
    private ReplayWork.@Nullable Batch batch;
    private @Nullable End end;
    private @Nullable Problem failure;
    private boolean underWay;
    private long term;
    private long notBefore;
    private long retryAt;

    ReplayDesk(BotContext bot, Beside beside) {
        this.bot = bot;
        this.beside = beside;
    }

    /** The log was read: what of the step under way was done isn't known. */
    void recovered() {
        forget(0);
    }

    private void forget(long next) {
        number = next;
        term++;
        copiedStep = 0;
        prepared = false;
        batch = null;
        end = null;
        failure = null;
        underWay = false;
    }

    /** Whether a replay needs the bot. */
    static boolean isActive(BotState state) {
        return !state.archived() && state.replaying().active() != null;
    }

    /** A commit is durable. */
    void settle(BotState before, BotState after) {
        Range was = before.replaying().active();
        String into = was == null ? null : was.into();
        if (was != null && into != null && after.replaying().active() == null) {
            beside.run(bot.replays().tidy(into), (done, failed) -> {}); // else a later replay does it
        }
    }

    /** What has to become durable next, null if nothing. */
    @Nullable
    BotCommit next(BotState state) {
        Range range = state.replaying().active();
        if (range == null || state.archived()) {
            return null;
        }
        if (range.plan().number() != number) {
            forget(range.plan().number());
        }
        long now = bot.clock().millis();
        Problem problem = failure;
        if (problem != null) {
            return BotCommit.of(new BotEvent.ReplayEnded(now, number, Replaying.Phase.FAILED, problem.detail()));
        } else if (range.allCopied()) {
            BotEvent.ReplayEnded done = ReplayDecisions.done(state, range, now);
            return done == null ? null : BotCommit.of(done);
        }
        End last = end;
        if (last != null) {
            return BotCommit.of(new BotEvent.ReplayCopied(number, last.id()));
        }
        ReplayWork.Batch next = batch;
        if (next != null && next.upTo() != null && isCopied(range) && isTimeFor(state, range)) {
            notBefore = bot.ticker().millis() + pause(range, next.events().size());
            return BotCommit.of(new BotEvent.ReplayStepped(
                    number, range.step() + 1, next.upTo(), next.events().size()));
        }
        pump(range);
        return null;
    }

    private boolean isCopied(Range range) {
        return copiedStep == range.step();
    }

    private boolean isTimeFor(BotState state, Range range) {
        return bot.ticker().millis() >= notBefore
                && range.copied() + range.underWay() - ReplayDecisions.handled(state, range) < MOST_AHEAD;
    }

    private static long pause(Range range, int events) {
        Long rate = range.plan().rate();
        return rate == null ? 0 : events * 1_000L / rate;
    }

    /** Begins the next thing that needs no record, unless something is under way. */
    private void pump(Range range) {
        if (underWay || bot.ticker().millis() < retryAt) {
            return;
        }
        String into = String.valueOf(range.into());
        String id = bot.id().value();
        ReplayWork.Batch next = batch;
        if (range.step() == 0 && !prepared) {
            run(bot.replays().prepare(into, ReplayOffice.laterQueue(id, number), id), done -> prepared = true);
        } else if (!isCopied(range) && next == null) {
            // A step of a predecessor's, up to where it said.
            EventId upTo = Objects.requireNonNull(range.upTo());
            run(
                    bot.replays().read(range.plan().queue(), range.from(), Position.of(upTo), Integer.MAX_VALUE),
                    read -> batch = read);
        } else if (!isCopied(range) && next != null) {
            long step = range.step();
            run(
                    next.events().isEmpty()
                            ? CompletableFuture.completedStage(Outcome.done(true))
                            : bot.replays().copy(into, id, number, step, next.events()),
                    done -> {
                        copiedStep = step;
                        batch = null;
                    });
        } else if (next == null) {
            run(
                    bot.replays()
                            .read(
                                    range.plan().queue(),
                                    range.next(),
                                    range.plan().until(),
                                    most(range)),
                    read -> batch = read);
        } else if (next.upTo() == null) {
            run(
                    range.step() == 0
                            ? CompletableFuture.completedStage(Outcome.done(Optional.empty()))
                            : bot.replays().end(into),
                    last -> end = new End(last.orElse(null)));
        }
    }

    private static int most(Range range) {
        Long rate = range.plan().rate();
        return rate == null ? STEP : (int) Math.min(STEP, rate);
    }

    private <T> void run(CompletionStage<Outcome<T>> stage, Consumer<T> done) {
        underWay = true;
        long now = term;
        beside.run(stage, (outcome, failed) -> {
            if (now != term) {
                return;
            }
            underWay = false;
            if (outcome instanceof Outcome.Done<T> value) {
                done.accept(value.value());
            } else if (outcome instanceof Outcome.Refused<T> refused
                    && !refused.problem().retryable()) {
                failure = refused.problem();
            } else {
                retryAt = bot.ticker().millis() + REPEAT_MILLIS;
            }
        });
    }
}
