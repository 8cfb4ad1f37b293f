package io.millrace.node.bot;

import io.millrace.protocol.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The workers that wait for a run, in their order; times are ticks, ms. */
final class Askers {
    /** Workers that may wait for runs of one bot; each holds a request at its node. */
    static final int MAX = 1_000;

    private record Asker(BotCommand.Ask ask, long deadline) {}

    private final Deque<Asker> waiting = new ArrayDeque<>();
    private final Consumer<BotCommand.Ask> late;

    Askers() {
        this(ask -> ask.replyTo().tell(new BotReply.Nothing()));
    }

    /** @param late what becomes of one whose time is over */
    Askers(Consumer<BotCommand.Ask> late) {
        this.late = late;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many wait. */
    int size(long now) {
        expire(now);
        return waiting.size();
    }

    /** False if too many wait already. */
    boolean offer(BotCommand.Ask ask, long now) {
        return offer(ask, now, ask.waitMillis());
    }

    /** As {@link #offer(BotCommand.Ask, long)}, for no longer than this, ms. */
    boolean offer(BotCommand.Ask ask, long now, long patience) {
        return waiting.size() < MAX && waiting.add(new Asker(ask, now + Math.min(patience, ask.waitMillis())));
    }

    /** Takes the first whose time isn't over. */
    BotCommand.@Nullable Ask next(long now) {
        expire(now);
        Asker next = waiting.pollFirst();
        return next == null ? null : next.ask();
    }

    /** As {@link #next}, with the time that it has left. */
    BotCommand.@Nullable Ask handOver(long now) {
        expire(now);
        Asker next = waiting.pollFirst();
        return next == null
                ? null
                : new BotCommand.Ask(
                        next.ask().worker(), next.deadline() - now, next.ask().replyTo());
    }

    /** Has done with those whose time is over. */
    void expire(long now) {
        remove(asker -> asker.deadline() <= now, late);
    }

    void refuseAll(Problem problem) {
        remove(asker -> true, ask -> ask.replyTo().tell(new BotReply.Refused(problem)));
    }

    /** Somebody has gone and waits for no answer. */
    void forget(ActorRef<BotReply> gone) {
        waiting.removeIf(asker -> asker.ask().replyTo().equals(gone));
    }

    private void remove(Predicate<Asker> which, Consumer<BotCommand.Ask> then) {
        waiting.removeIf(asker -> {
            boolean removed = which.test(asker);
            if (removed) {
                then.accept(asker.ask());
            }
            return removed;
        });
    }
}
