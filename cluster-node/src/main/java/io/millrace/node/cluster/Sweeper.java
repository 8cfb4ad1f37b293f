package io.millrace.node.cluster;

import io.millrace.node.application.Ticker;
import io.millrace.node.journal.NameDirectory;
import io.millrace.node.journal.NamePage;
import io.millrace.protocol.EventId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * The safety net (design D8), one in the cluster. Nodes report which queues have moved and which bots may not have heard of
 * it; those are asked to look at that queue, so that a lost wake-up costs seconds, and bots at rest cost nothing. Every bot is
 * asked to look for itself when the sweeper starts, after a node was lost with what it had to report, where a node had too
 * much to report, and from time to time.
 */
public final class Sweeper extends AbstractBehavior<Sweeper.Message> {
    /** Asks a bot to look at one queue that triggers it. */
    @FunctionalInterface
    public interface Check {
        /**
         * Sends one message and returns at once.
         *
         * @param last the newest event of the queue
         */
        void at(String bot, String queue, EventId last);
    }

    sealed interface Message {}

    /**
     * What a node's queues have noted.
     *
     * @param everything whether every bot is to look
     */
    record Report(long number, boolean everything, List<Move> moves, ActorRef<MoveReporter.Heard> replyTo)
            implements Message, Wire {}

    /** What the sweeper tells itself. */
    sealed interface Internal extends Message, NoSerializationVerificationNeeded {}

    /** A sweep goes on with the names after this one. */
    record Next(String after) implements Internal {}

    record Found(NamePage page) implements Internal {}

    record Failed(Next next) implements Internal {}

    private record Lost(ClusterEvent.MemberRemoved member) implements Internal {}

    private enum Due implements Internal {
        DUE
    }

    private final Sweep sweep;
    private final Check check;
    private final SweepMetrics metrics;

    private Sweeper(Sweep sweep, Check check, SweepMetrics metrics, ActorContext<Message> context) {
        super(context);
        this.sweep = sweep;
        this.check = check;
        this.metrics = metrics;
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(ClusterEvent.MemberRemoved.class, Lost::new),
                        ClusterEvent.MemberRemoved.class));
        sweep.request();
    }

    /**
     * Has one run somewhere in the cluster, and this node's queues reported to it.
     *
     * @param moved what they note
     * @param kind the kind of names in the directory
     * @param checkAll asks a bot to look for itself
     * @param check asks a bot to look at one queue
     * @param every the pause between two sweeps over all bots
     */
    public static void start(
            ActorSystem<?> system,
            MovedQueues moved,
            NameDirectory directory,
            String kind,
            Consumer<String> checkAll,
            Check check,
            Duration every) {
        Behavior<Message> behavior = create(
                moved.metrics(), (after, limit) -> directory.page(kind, "", after, limit), checkAll, check, every);
        ActorRef<Message> sweeper = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                        Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart()), "sweeper"));
        system.systemActorOf(MoveReporter.create(moved, sweeper, Ticker.SYSTEM), "move-reporter", Props.empty());
    }

    static Behavior<Message> create(
            SweepMetrics metrics, Sweep.Names names, Consumer<String> checkAll, Check check, Duration every) {
        return Behaviors.withTimers(timers -> Behaviors.setup(context -> {
            timers.startTimerWithFixedDelay(Due.DUE, every);
            return new Sweeper(new Sweep(context, timers, names, checkAll, metrics), check, metrics, context);
        }));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Report.class, this::onReport)
                .onMessage(Next.class, next -> then(() -> sweep.read(next)))
                .onMessage(Found.class, found -> then(() -> sweep.found(found.page())))
                .onMessage(Failed.class, failed -> then(() -> sweep.failed(failed.next())))
                .onMessage(Lost.class, lost -> then(sweep::request))
                .onMessage(Due.class, due -> then(sweep::request))
                .build();
    }

    private Behavior<Message> onReport(Report report) {
        report.moves().forEach(move -> check.at(move.bot(), move.queue(), move.last()));
        metrics.checked(report.moves().size());
        if (report.everything()) {
            sweep.request();
        }
        report.replyTo().tell(new MoveReporter.Heard(report.number()));
        return this;
    }

    private Behavior<Message> then(Runnable step) {
        step.run();
        return this;
    }
}
