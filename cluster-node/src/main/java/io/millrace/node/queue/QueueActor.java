package io.millrace.node.queue;

import io.millrace.node.queue.QueueCommand.Request;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The queue as the cluster sees it. While one commit is under way it gathers what comes (design D7); what it decides it
 * hands to {@link QueueLog}, and answers when that is durable.
 */
final class QueueActor extends AbstractBehavior<QueueCommand> {
    private static final Duration TICK = Duration.ofMillis(200);

    private final QueueContext queue;
    private final TimerScheduler<QueueCommand> timers;
    private final Backlog backlog;
    private final TailReads reads;
    private final Sleepers sleepers;
    private final LogKeeper log;
    private @Nullable QueueState state;
    private @Nullable Commit underWay;
    private boolean failed;
    private boolean stopping;

    private QueueActor(ActorContext<QueueCommand> context, TimerScheduler<QueueCommand> timers, QueueContext queue) {
        super(context);
        this.queue = queue;
        this.timers = timers;
        backlog =
                new Backlog(queue.settings().maxWaitingBytes(), queue.settings().commitBytes());
        reads = new TailReads(queue.settings().windowBytes());
        sleepers = new Sleepers(queue.name().value(), queue.bots());
        log = new LogKeeper(context, timers, queue);
        log.start();
        context.setReceiveTimeout(queue.settings().passivateAfter(), QueueCommand.Idle.IDLE);
    }

    static Behavior<QueueCommand> create(QueueContext queue) {
        return Behaviors.withTimers(timers -> Behaviors.setup(context -> new QueueActor(context, timers, queue)));
    }

    @Override
    public Receive<QueueCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(QueueCommand.Read.class, this::onRead)
                .onMessage(Request.class, this::onRequest)
                .onMessage(QueueCommand.Sleep.class, this::onSleep)
                .onMessage(QueueCommand.Persisted.class, this::onPersisted)
                .onMessage(QueueCommand.Recovered.class, this::onRecovered)
                .onMessage(QueueCommand.Registered.class, this::onRegistered)
                .onMessage(QueueCommand.Tick.class, this::onTick)
                .onMessage(QueueCommand.Restart.class, this::onRestart)
                .onMessage(QueueCommand.Idle.class, this::onIdle)
                .onMessage(QueueCommand.Stop.class, this::onStop)
                .onSignal(ChildFailed.class, this::onLogFailed)
                .onSignal(Terminated.class, signal -> Behaviors.stopped())
                .build();
    }

    /** Everything that changes the queue, or tells of it, waits in line; at rest the line is empty and it goes at once. */
    private Behavior<QueueCommand> onRequest(Request request) {
        if (failed || stopping) {
            refuse(request, ProblemType.UNAVAILABLE, "the queue's storage or owner is away; try again");
        } else if (!backlog.offer(request, now())) {
            queue.metrics().busy();
            refuse(request, ProblemType.TOO_MANY_REQUESTS, "too much waits to be written to the queue");
        } else {
            proceed();
        }
        return this;
    }

    private Behavior<QueueCommand> onRead(QueueCommand.Read read) {
        if (failed || stopping) {
            refuse(read, ProblemType.UNAVAILABLE, "the queue's storage or owner is away; try again");
        } else if (state == null) {
            return onRequest(read);
        } else if (!reads.serve(read, state, now())) {
            refuse(read, ProblemType.TOO_MANY_REQUESTS, "too many readers wait at the queue's tail");
        } else {
            startTicking();
        }
        return this;
    }

    private Behavior<QueueCommand> onSleep(QueueCommand.Sleep sleep) {
        // Without a state it is left out: the bot repeats it until it hears something.
        if (state != null && !sleepers.offer(sleep, state)) {
            Request subscribe = new QueueCommand.Subscribe(
                    sleep.bot(), getContext().getSystem().ignoreRef());
            if (backlog.offer(subscribe, now())) {
                sleepers.subscribing(sleep);
                proceed();
            }
        }
        return this;
    }

    /** Works through the line until something must become durable first. */
    private void proceed() {
        while (state != null && underWay == null && backlog.hasNext()) {
            Request change = backlog.nextChange();
            if (change instanceof QueueCommand.Read read) {
                onRead(read);
                continue;
            }
            Commit commit = change != null
                    ? Commit.of(queue.name(), state, change, now())
                    : Commit.of(queue.name(), state, backlog.nextAppends(), now());
            // Kept at once: they are answered in time whatever becomes of the commit.
            commit.early().forEach(backlog::keepEarly);
            if (commit.isEmpty()) {
                finish(commit, state);
            } else {
                start(commit);
            }
        }
        startTicking();
    }

    private void start(Commit commit) {
        underWay = commit;
        log.commit(commit.records());
    }

    private Behavior<QueueCommand> onRegistered(QueueCommand.Registered message) {
        Commit commit = underWay;
        if (commit != null && message.done()) {
            log.registered(commit.records());
        } else if (commit != null) {
            underWay = null;
            commit.refuse(ProblemType.UNAVAILABLE, "the queue's name could not be registered; try again");
            if (stopping) {
                return Behaviors.stopped();
            }
            proceed();
        }
        return this;
    }

    private Behavior<QueueCommand> onPersisted(QueueCommand.Persisted persisted) {
        Commit commit = underWay;
        QueueState before = state;
        if (commit == null || before == null) {
            throw new AssertionError("nothing was to persist");
        }
        underWay = null;
        state = persisted.state();
        queue.metrics().committed(persisted.state().ordinal() - before.ordinal(), commit.bytes());
        reads.add(before, commit.records());
        finish(commit, persisted.state());
        reads.release(persisted.state(), now());
        tellNewWriters(before, commit);
        sleepers.committed(persisted.state(), persisted.state().last().isAfter(before.last()));
        if (stopping) {
            return Behaviors.stopped();
        }
        proceed();
        return this;
    }

    private void tellNewWriters(QueueState before, Commit commit) {
        commit.writers()
                .filter(bot -> !before.writers().containsKey(bot))
                .forEach(bot -> queue.bots().wrote(bot, queue.name().value()));
    }

    private void finish(Commit commit, QueueState after) {
        commit.answer(after);
        if (commit.tookSequences()) {
            backlog.retryEarly();
        }
    }

    private Behavior<QueueCommand> onRecovered(QueueCommand.Recovered recovered) {
        state = recovered.state();
        failed = false;
        log.recovered(recovered.state());
        reads.restart();
        sleepers.recovered(recovered.state());
        proceed();
        return this;
    }

    private Behavior<QueueCommand> onLogFailed(ChildFailed signal) {
        state = null;
        failed = true;
        if (underWay != null) {
            underWay.refuse(
                    ProblemType.UNKNOWN_OUTCOME,
                    "it is not known whether it was done; repeat it with the same sequence");
            underWay = null;
        }
        backlog.drain()
                .forEach(waiting -> refuse(
                        waiting.command(), ProblemType.UNAVAILABLE, "the queue's storage or owner is away; try again"));
        reads.refuseAll();
        if (stopping || queue.isFenced().test(signal.cause())) {
            getContext().getLog().warn("Queue {} is owned elsewhere now; stopping", queue.name());
            return Behaviors.stopped();
        }
        log.restartLater(signal.cause());
        return this;
    }

    private Behavior<QueueCommand> onRestart(QueueCommand.Restart message) {
        log.start();
        return this;
    }

    private Behavior<QueueCommand> onTick(QueueCommand.Tick message) {
        for (Backlog.Waiting late : backlog.expired(now())) {
            refuse(late.command(), ProblemType.SEQUENCE_GAP, "earlier sequences of the producer didn't come");
        }
        if (state != null) {
            reads.expire(state, now());
        }
        startTicking();
        return this;
    }

    private void startTicking() {
        if (backlog.hasEarly() || reads.isWaitedFor()) {
            if (!timers.isTimerActive(QueueCommand.Tick.TICK)) {
                timers.startSingleTimer(QueueCommand.Tick.TICK, TICK);
            }
        }
    }

    private Behavior<QueueCommand> onIdle(QueueCommand.Idle message) {
        if (underWay == null && backlog.isEmpty() && !reads.isWaitedFor()) {
            queue.passivate(getContext().getSelf());
        }
        return this;
    }

    private Behavior<QueueCommand> onStop(QueueCommand.Stop message) {
        stopping = true;
        List<Backlog.Waiting> waiting = backlog.drain();
        waiting.forEach(
                each -> refuse(each.command(), ProblemType.UNAVAILABLE, "the queue moves to another node; try again"));
        reads.refuseAll();
        return underWay == null ? Behaviors.stopped() : this;
    }

    private static void refuse(Request request, ProblemType type, String detail) {
        request.replyTo().tell(new QueueReply.Refused(Problem.of(type, detail)));
    }

    private long now() {
        return queue.clock().millis();
    }
}
