package io.millrace.node.queue;

import io.millrace.node.log.LogKeeper;
import io.millrace.node.log.Questions;
import io.millrace.node.queue.QueueCommand.Request;
import io.millrace.node.telemetry.LogFields;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The queue as the cluster sees it: changes go through the {@link CommitLine}, readers are served at the tail, bots are woken
 * by what has become durable.
 */
final class QueueActor extends AbstractBehavior<QueueCommand> {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final String AWAY = "the queue's storage or owner is away; try again";
    private static final String MOVES = "the queue leaves this node; try again";

    private final QueueContext queue;
    private final TimerScheduler<QueueCommand> timers;
    private final QueueLog log;
    private final CommitLine line;
    private final Audience audience;
    private final Fences fences;
    private final Questions<QueueCommand, QueueCommand> questions;
    private final Retention retention;
    private final QueueMetrics.OfQueue meters;
    private @Nullable QueueState state;
    private boolean failed;
    private boolean passivating;
    private boolean stopping;

    private QueueActor(ActorContext<QueueCommand> context, TimerScheduler<QueueCommand> timers, QueueContext queue) {
        super(context);
        this.queue = queue;
        this.timers = timers;
        log = new QueueLog(context, timers, queue);
        line = new CommitLine(queue, log);
        audience = new Audience(queue);
        fences = new Fences(queue.name().value(), queue.bots());
        questions = new Questions<>(context, queue.log(), queue.ownership(), QueueCommand.Looked::new);
        retention = new Retention(queue, context, log.purged());
        meters = queue.metrics().of(queue.name().value());
        timers.startTimerWithFixedDelay(
                QueueCommand.Retain.RETAIN, queue.settings().retentionEvery());
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
                .onMessage(QueueCommand.GetTail.class, this::onTail)
                .onMessage(QueueCommand.Fence.class, this::onFence)
                .onMessage(Request.class, this::onRequest)
                .onMessage(QueueCommand.Sleep.class, this::onQuestion)
                .onMessage(QueueCommand.Persisted.class, this::onPersisted)
                .onMessage(QueueCommand.Recovered.class, this::onRecovered)
                .onMessage(QueueCommand.Registered.class, this::onRegistered)
                .onMessage(QueueCommand.Looked.class, this::onLooked)
                .onMessage(QueueCommand.Tick.class, this::onTick)
                .onMessage(QueueCommand.Retain.class, this::onRetain)
                .onMessage(QueueCommand.Tend.class, this::onTend)
                .onMessage(QueueCommand.Standing.class, this::onStanding)
                .onMessage(QueueCommand.Aged.class, this::onAged)
                .onMessage(QueueCommand.Restart.class, this::onRestart)
                .onMessage(QueueCommand.Idle.class, this::onIdle)
                .onMessage(QueueCommand.Stop.class, this::onStop)
                .onSignal(ChildFailed.class, this::onLogFailed)
                .onSignal(Terminated.class, signal -> Behaviors.stopped())
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    /** Everything that changes the queue, or tells of it, waits in line; at rest the line is empty and it goes at once. */
    private Behavior<QueueCommand> onRequest(Request request) {
        if (failed || stopping) {
            CommitLine.refuse(request, ProblemType.UNAVAILABLE, AWAY);
        } else if (!line.offer(request)) {
            queue.metrics().busy();
            CommitLine.refuse(request, ProblemType.TOO_MANY_REQUESTS, "too much waits to be written to the queue");
        }
        return proceed();
    }

    private Behavior<QueueCommand> onRead(QueueCommand.Read read) {
        if (failed || stopping) {
            return onRequest(read);
        } else if (state == null || audience.wouldEnd(read, state)) {
            return onQuestion(read);
        }
        audience.serve(read, state);
        startTicking();
        return this;
    }

    private Behavior<QueueCommand> onTail(QueueCommand.GetTail tail) {
        return failed || stopping ? onRequest(tail) : onQuestion(tail);
    }

    /** What says that there is nothing more, only an owner says that is proven to be one. */
    private Behavior<QueueCommand> onQuestion(QueueCommand question) {
        ask(question);
        return proceed();
    }

    private void ask(QueueCommand question) {
        if (!questions.ask(question)) {
            refuse(List.of(question), ProblemType.TOO_MANY_REQUESTS, "too many ask for the queue's tail");
        }
    }

    /** A bot that isn't answered asks again by itself. */
    private static void refuse(List<QueueCommand> questions, ProblemType type, String detail) {
        for (QueueCommand question : questions) {
            if (question instanceof Request request) {
                CommitLine.refuse(request, type, detail);
            }
        }
    }

    private Behavior<QueueCommand> onLooked(QueueCommand.Looked looked) {
        List<QueueCommand> asked = questions.looked(looked.look());
        if (looked.look().proves()) {
            asked.forEach(this::answer);
            return proceed();
        }
        refuse(asked, ProblemType.UNAVAILABLE, AWAY);
        if (looked.look().isTaken() && !asked.isEmpty()) {
            giveUp();
            return leave();
        }
        return proceed();
    }

    /** Answers a question that is proven. */
    private void answer(QueueCommand question) {
        QueueState now = Objects.requireNonNull(state);
        if (question instanceof QueueCommand.Read read) {
            audience.serve(read, now);
        } else if (question instanceof QueueCommand.GetTail tail) {
            tail.replyTo().tell(ChangeDecider.tail(now));
        } else if (question instanceof QueueCommand.Sleep sleep) {
            answerSleep(sleep, now);
        } else if (question instanceof QueueCommand.AppendEvents early) {
            CommitLine.refuse(
                    early, ProblemType.SEQUENCE_GAP, "what the producer or the run has sent before didn't come");
        } else {
            throw new AssertionError("not a question: " + question);
        }
    }

    private void answerSleep(QueueCommand.Sleep sleep, QueueState now) {
        if (!audience.offer(sleep, now)
                && line.offer(new QueueCommand.Subscribe(
                        sleep.bot(), getContext().getSystem().ignoreRef()))) {
            audience.await(sleep);
        }
    }

    private Behavior<QueueCommand> onFence(QueueCommand.Fence fence) {
        if (state == null || (!fences.offer(fence, state) && line.offer(fence))) {
            fences.await(fence);
        }
        return proceed();
    }

    /** Goes on with the line; a queue that is to stop does once nothing is left of it. */
    private Behavior<QueueCommand> proceed() {
        QueueState now = state;
        if (now != null) {
            boolean committing = line.isCommitting();
            line.proceed(now);
            if (line.isCommitting() && !committing) {
                questions.commitBegins();
            } else if (!line.isCommitting()) {
                // A commit under way isn't disturbed: the next one, or a look after it, is the proof.
                questions.look();
            }
        }
        if (stopping && line.isAtRest()) {
            return Behaviors.stopped();
        }
        startTicking();
        return this;
    }

    private Behavior<QueueCommand> onRegistered(QueueCommand.Registered message) {
        line.registered(message);
        return proceed();
    }

    private Behavior<QueueCommand> onPersisted(QueueCommand.Persisted persisted) {
        QueueState before = state;
        if (before == null) {
            throw new AssertionError("nothing was to persist");
        }
        QueueState after = persisted.state();
        state = after;
        Commit commit = line.persisted(after);
        meters.committed(after.ordinal() - before.ordinal(), commit.bytes());
        if (after.floorOrdinal() > before.floorOrdinal()) {
            meters.removed(
                    after.floorOrdinal() - before.floorOrdinal(), before.bytes() + commit.bytes() - after.bytes());
        }
        audience.committed(before, commit, after);
        fences.committed(after);
        retention.committed(before, after);
        questions.committed().forEach(this::answer);
        return proceed();
    }

    private Behavior<QueueCommand> onRecovered(QueueCommand.Recovered recovered) {
        state = recovered.state();
        log.recovered(recovered.state());
        audience.recovered(recovered.state()).forEach(sleep -> answerSleep(sleep, recovered.state()));
        fences.drain().forEach(this::onFence);
        failed = false;
        retention.recovered(recovered.state());
        return proceed();
    }

    private Behavior<QueueCommand> onLogFailed(ChildFailed signal) {
        giveUp();
        if (stopping || LogKeeper.isTaken(signal)) {
            return leave();
        }
        log.restartLater(signal);
        return this;
    }

    /** The log is lost: nobody is left waiting for it. */
    private void giveUp() {
        QueueState before = state;
        state = null;
        failed = true;
        Optional<Commit> unknown = line.failed();
        if (before != null) {
            unknown.ifPresent(commit -> audience.unknown(before, commit));
        }
        audience.refuseReads();
        refuse(questions.drain(), ProblemType.UNAVAILABLE, AWAY);
    }

    private Behavior<QueueCommand> onPostStop(PostStop stopped) {
        meters.close();
        return this;
    }

    private Behavior<QueueCommand> leave() {
        getContext()
                .getLog()
                .atWarn()
                .addKeyValue(LogFields.QUEUE, queue.name().value())
                .log("Queue {} is owned elsewhere now; stopping", queue.name());
        return Behaviors.stopped();
    }

    private Behavior<QueueCommand> onRestart(QueueCommand.Restart message) {
        log.start();
        return this;
    }

    private Behavior<QueueCommand> onTick(QueueCommand.Tick message) {
        // Their predecessors may have gone to a successor of this owner.
        line.expiredEarly().forEach(this::ask);
        audience.expired().forEach(this::ask);
        return proceed();
    }

    private Behavior<QueueCommand> onRetain(QueueCommand.Retain message) {
        if (state != null) {
            retention.time(state);
        }
        return this;
    }

    private Behavior<QueueCommand> onTend(QueueCommand.Tend message) {
        retention.tend(state);
        return this;
    }

    private Behavior<QueueCommand> onStanding(QueueCommand.Standing found) {
        return state == null ? this : trim(retention.stands(found, state));
    }

    private Behavior<QueueCommand> onAged(QueueCommand.Aged found) {
        return trim(retention.aged(found, state));
    }

    private Behavior<QueueCommand> trim(Optional<Cut> cut) {
        if (cut.isPresent() && state != null && !stopping) {
            line.offer(new QueueCommand.Trim(cut.get(), getContext().getSystem().ignoreRef()));
            return proceed();
        }
        return this;
    }

    private void startTicking() {
        if ((line.hasEarly() || audience.isWaitedFor()) && !timers.isTimerActive(QueueCommand.Tick.TICK)) {
            timers.startSingleTimer(QueueCommand.Tick.TICK, TICK);
        }
    }

    /** While its storage is away it stays: it holds the bots that wait for it. */
    private Behavior<QueueCommand> onIdle(QueueCommand.Idle message) {
        if (state != null && line.isAtRest() && questions.isEmpty() && !audience.isWaitedFor()) {
            passivating = true;
            queue.passivate(getContext().getSelf());
        }
        return this;
    }

    /**
     * What came before an idle queue was told to go is done first, it is little; one that moves refuses what waits, so that
     * its next owner doesn't. Readers and early appends ask again either way.
     */
    private Behavior<QueueCommand> onStop(QueueCommand.Stop message) {
        stopping = true;
        refuse(questions.drain(), ProblemType.UNAVAILABLE, MOVES);
        if (state != null) {
            audience.endReads(state);
        }
        if (passivating && state != null) {
            line.refuseEarly(MOVES);
        } else {
            line.refuseWaiting(MOVES);
        }
        return proceed();
    }
}
