package io.millrace.node.cluster;

import io.millrace.node.application.Ticker;
import io.millrace.node.journal.NameDirectory;
import io.millrace.node.journal.NamePage;
import io.millrace.node.journal.ScheduleDirectory;
import io.millrace.node.journal.ScheduledBot;
import io.millrace.protocol.EventId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
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
 * much to report, and from time to time. It also watches the time for bots with a schedule.
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

    /** A bot has a schedule, or another one than before. */
    record Scheduled(ScheduledBot bot) implements Message, Wire {}

    /** A bot is to be woken by no schedule any more. */
    record Unscheduled(String bot) implements Message, Wire {}

    /** What the sweeper tells itself. */
    sealed interface Internal extends Message, NoSerializationVerificationNeeded {}

    /** A sweep goes on with the names after this one. */
    record Next(String after) implements Internal {}

    record Found(NamePage page) implements Internal {}

    record Failed(Next next) implements Internal {}

    /** The plan of schedules is to be read on in a shard. */
    record Load(int shard, String after) implements Internal {}

    record Loaded(Load load, List<ScheduledBot> page) implements Internal {}

    record NotLoaded(Load load) implements Internal {}

    enum Look implements Internal {
        AT_SLOTS
    }

    private record Lost(ClusterEvent.MemberRemoved member) implements Internal {}

    private enum Due implements Internal {
        DUE
    }

    private final Sweep sweep;
    private final SlotWatch slots;
    private final Check check;
    private final SweepMetrics metrics;

    private Sweeper(Sweep sweep, SlotWatch slots, Check check, SweepMetrics metrics, ActorContext<Message> context) {
        super(context);
        this.sweep = sweep;
        this.slots = slots;
        this.check = check;
        this.metrics = metrics;
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(ClusterEvent.MemberRemoved.class, Lost::new),
                        ClusterEvent.MemberRemoved.class));
        metrics.began();
        slots.start();
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
     * @param schedules the plan of schedules
     * @param slotCame tells a bot that a slot of its schedule has come
     * @param retention watches the time for queues at rest
     * @return tells it of schedules that have changed
     */
    public static ScheduleChanges start(
            ActorSystem<?> system,
            MovedQueues moved,
            NameDirectory directory,
            String kind,
            Consumer<String> checkAll,
            Check check,
            Duration every,
            ScheduleDirectory schedules,
            Consumer<String> slotCame,
            Behavior<?> retention,
            Clock clock) {
        Behavior<Message> watching = create(
                moved.metrics(),
                (after, limit) -> directory.page(kind, "", after, limit),
                checkAll,
                check,
                every,
                schedules::page,
                slotCame,
                clock);
        Behavior<Message> behavior = Behaviors.setup(context -> {
            context.spawn(Behaviors.supervise(retention).onFailure(SupervisorStrategy.restart()), "retention");
            return watching;
        });
        ActorRef<Message> sweeper = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                        Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart()), "sweeper"));
        system.systemActorOf(MoveReporter.create(moved, sweeper, Ticker.SYSTEM), "move-reporter", Props.empty());
        return new ScheduleChanges() {
            @Override
            public void scheduled(ScheduledBot bot) {
                sweeper.tell(new Scheduled(bot));
            }

            @Override
            public void unscheduled(String bot) {
                sweeper.tell(new Unscheduled(bot));
            }
        };
    }

    static Behavior<Message> create(
            SweepMetrics metrics,
            Sweep.Names names,
            Consumer<String> checkAll,
            Check check,
            Duration every,
            SlotWatch.Plan plan,
            Consumer<String> slotCame,
            Clock clock) {
        return Behaviors.withTimers(timers -> Behaviors.setup(context -> {
            timers.startTimerWithFixedDelay(Due.DUE, every);
            return new Sweeper(
                    new Sweep(context, timers, names, checkAll, metrics),
                    new SlotWatch(context, timers, plan, slotCame, clock, metrics),
                    check,
                    metrics,
                    context);
        }));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Report.class, this::onReport)
                .onMessage(Next.class, next -> then(() -> sweep.read(next)))
                .onMessage(Found.class, found -> then(() -> sweep.found(found.page())))
                .onMessage(Failed.class, failed -> then(() -> sweep.failed(failed.next())))
                .onMessage(Look.class, look -> then(slots::look))
                .onMessage(Load.class, load -> then(() -> slots.load(load)))
                .onMessage(Loaded.class, loaded -> then(() -> slots.loaded(loaded)))
                .onMessage(NotLoaded.class, failed -> then(() -> slots.notLoaded(failed)))
                .onMessage(Scheduled.class, told -> then(() -> slots.scheduled(told.bot())))
                .onMessage(Unscheduled.class, told -> then(() -> slots.unscheduled(told.bot())))
                .onMessage(Lost.class, lost -> then(sweep::request))
                .onMessage(Due.class, due -> then(sweep::request))
                .onSignal(PostStop.class, stopped -> then(metrics::ended))
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
