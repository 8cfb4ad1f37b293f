package io.millrace.node.bot;

import io.millrace.protocol.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The workers that wait for a run, in their order; times are ticks, ms. */
final class Askers {
    /** Workers that may wait for runs of one bot; each holds a request at its node. */
    static final int MAX = 1_000;

    private record Asker(BotCommand.Ask ask, long deadline) {}

    private final Deque<Asker> waiting = new ArrayDeque<>();

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
        return waiting.size() < MAX && waiting.add(new Asker(ask, now + ask.waitMillis()));
    }

    /** Takes the first whose time isn't over. */
    BotCommand.@Nullable Ask next(long now) {
        expire(now);
        Asker next = waiting.pollFirst();
        return next == null ? null : next.ask();
    }

    /** Answers those whose time is over. */
    void expire(long now) {
        remove(asker -> asker.deadline() <= now, new BotReply.Nothing());
    }

    void refuseAll(Problem problem) {
        remove(asker -> true, new BotReply.Refused(problem));
    }

    /** Somebody has gone and waits for no answer. */
    void forget(ActorRef<BotReply> gone) {
        waiting.removeIf(asker -> asker.ask().replyTo().equals(gone));
    }

    private void remove(Predicate<Asker> which, BotReply answer) {
        waiting.removeIf(asker -> {
            boolean removed = which.test(asker);
            if (removed) {
                asker.ask().replyTo().tell(answer);
            }
            return removed;
        });
    }
}
