package io.millrace.node.cluster;

import io.millrace.node.application.Ticker;
import java.time.Duration;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Tells the sweeper what this node's queues have noted, one report at a time: what was heard is forgotten, what wasn't is
 * told again. What a node takes down with itself, the sweep after its loss makes good.
 */
final class MoveReporter extends AbstractBehavior<MoveReporter.Message> {
    /** Long enough that most bots have settled by themselves, short beside the 10 s that a lost wake-up may cost. */
    private static final Duration EVERY = Duration.ofSeconds(2);

    private static final long ANSWER_MILLIS = 1_500;

    sealed interface Message {}

    private enum Tick implements Message, NoSerializationVerificationNeeded {
        TICK
    }

    /** The sweeper has heard a report. */
    record Heard(long number) implements Message, Wire {}

    private record UnderWay(long number, MovedQueues.Page page, long sentAt) {}

    private final MovedQueues moved;
    private final ActorRef<? super Sweeper.Report> sweeper;
    private final Ticker ticker;
    private @Nullable UnderWay underWay;
    private long number;

    private MoveReporter(
            ActorContext<Message> context, MovedQueues moved, ActorRef<? super Sweeper.Report> sweeper, Ticker ticker) {
        super(context);
        this.moved = moved;
        this.sweeper = sweeper;
        this.ticker = ticker;
    }

    static Behavior<Message> create(MovedQueues moved, ActorRef<? super Sweeper.Report> sweeper, Ticker ticker) {
        return Behaviors.withTimers(timers -> Behaviors.setup(context -> {
            timers.startTimerWithFixedDelay(Tick.TICK, EVERY);
            return new MoveReporter(context, moved, sweeper, ticker);
        }));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Tick.class, this::onTick)
                .onMessage(Heard.class, this::onHeard)
                .build();
    }

    private Behavior<Message> onTick(Tick tick) {
        UnderWay before = underWay;
        if (before != null && before.sentAt() + ANSWER_MILLIS <= ticker.millis()) {
            moved.putBack(before.page());
            moved.metrics().repeated();
            underWay = null;
        }
        if (underWay == null) {
            report();
        }
        return this;
    }

    private Behavior<Message> onHeard(Heard heard) {
        if (underWay != null && underWay.number() == heard.number()) {
            moved.metrics().reported();
            underWay = null;
            report();
        }
        return this;
    }

    private void report() {
        MovedQueues.Page page = moved.take();
        if (!page.isEmpty()) {
            underWay = new UnderWay(++number, page, ticker.millis());
            sweeper.tell(new Sweeper.Report(
                    number,
                    page.everything(),
                    page.moves(),
                    getContext().getSelf().narrow()));
        }
    }
}
