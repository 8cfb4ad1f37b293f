package io.millrace.node.bot;

import io.millrace.node.log.Look;
import io.millrace.node.log.Questions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The requests in hand: those that wait while something becomes durable or the log is read, those whose answer makes nothing
 * durable and so waits for a proof, and those that have it.
 */
final class Line {
    /** As many as workers may ask: they all come at once when a bot moves. Each is small and holds a request at its node. */
    static final int MAX = 1_000;

    /**
     * A request whose turn it is.
     *
     * @param proven whether the bot was owned here at some moment since it came
     */
    record Turn(BotCommand.Request request, boolean proven) {}

    private final Deque<BotCommand.Request> waiting = new ArrayDeque<>();
    private final Questions<BotCommand, BotCommand.Request> questions;
    private final Deque<BotCommand.Request> proven = new ArrayDeque<>();

    Line(Questions<BotCommand, BotCommand.Request> questions) {
        this.questions = questions;
    }

    /** False if there is no room. */
    boolean offer(BotCommand.Request request) {
        return waiting.size() < MAX && waiting.add(request);
    }

    /** Keeps one until a proof that begins from now on; then it has another turn. False if there is no room. */
    boolean keepForProof(BotCommand.Request request) {
        return questions.ask(request);
    }

    @Nullable
    Turn next() {
        BotCommand.Request first = proven.pollFirst();
        if (first != null) {
            return new Turn(first, true);
        }
        BotCommand.Request next = waiting.pollFirst();
        return next == null ? null : new Turn(next, false);
    }

    /** What becomes durable is a proof for what waits for one by now. */
    void commitBegins() {
        questions.commitBegins();
    }

    void committed() {
        proven.addAll(questions.committed());
    }

    /** Has the log looked at, if something waits for a proof. */
    void look() {
        questions.look();
    }

    /** A look has ended. {@return those that have to be refused, since it proved nothing} */
    List<BotCommand.Request> looked(Look look) {
        List<BotCommand.Request> asked = questions.looked(look);
        if (!look.proves()) {
            return asked;
        }
        proven.addAll(asked);
        return List.of();
    }

    boolean isEmpty() {
        return waiting.isEmpty() && questions.isEmpty() && proven.isEmpty();
    }

    /** Removes those of one who waits no more. */
    void forget(ActorRef<BotReply> gone) {
        waiting.removeIf(request ->
                request instanceof BotCommand.Ask && request.replyTo().equals(gone));
    }

    /** Removes and gives everything. */
    List<BotCommand.Request> drain() {
        List<BotCommand.Request> all = new ArrayList<>(proven);
        all.addAll(questions.drain());
        all.addAll(waiting);
        proven.clear();
        waiting.clear();
        return all;
    }
}
