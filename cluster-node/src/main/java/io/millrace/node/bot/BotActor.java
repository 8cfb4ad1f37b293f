package io.millrace.node.bot;

import io.millrace.node.application.RunRef;
import io.millrace.node.run.RunHandle;
import io.millrace.node.run.RunOrder;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

/** The bot as the cluster sees it: decides, journals, and only then starts, answers or tells. */
final class BotActor extends EventSourcedBehavior<BotCommand, BotEvent, BotState> {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final long SNAPSHOT_EVERY = 200;

    /** A run that ends well at once without having read anything isn't started again within this, ms. */
    private static final long IDLE_RUN_REST = 1_000;

    private final BotContext bot;
    private final ActorContext<BotCommand> context;
    private final TimerScheduler<BotCommand> timers;
    private final BotMoment moment = new BotMoment();

    private BotActor(ActorContext<BotCommand> context, TimerScheduler<BotCommand> timers, BotContext bot) {
        // Long enough that an owner that was fenced, and will soon know that it is to leave, doesn't fence its
        // successor.
        super(
                PersistenceId.ofUniqueId(bot.log()),
                SupervisorStrategy.restartWithBackoff(Duration.ofSeconds(1), Duration.ofSeconds(10), 0.3));
        this.context = context;
        this.timers = timers;
        this.bot = bot;
        context.setReceiveTimeout(bot.settings().passivateAfter(), BotCommand.Idle.IDLE);
    }

    static Behavior<BotCommand> create(BotContext bot) {
        return Behaviors.withTimers(timers -> Behaviors.setup(context -> new BotActor(context, timers, bot)));
    }

    @Override
    public BotState emptyState() {
        return BotState.EMPTY;
    }

    @Override
    public EventHandler<BotState, BotEvent> eventHandler() {
        return BotState::apply;
    }

    @Override
    public boolean shouldSnapshot(BotState state, BotEvent event, long sequence) {
        return sequence % SNAPSHOT_EVERY == 0;
    }

    @Override
    public CommandHandler<BotCommand, BotEvent, BotState> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(BotCommand.Ask.class, this::onAsk)
                .onCommand(BotCommand.Request.class, this::onRequest)
                .onCommand(BotCommand.Wake.class, this::onWake)
                .onCommand(BotCommand.Asleep.class, this::onAsleep)
                .onCommand(BotCommand.Wrote.class, this::onWrote)
                .onCommand(BotCommand.Check.class, this::onCheck)
                .onCommand(BotCommand.Tick.class, this::onTick)
                .onCommand(BotCommand.Idle.class, this::onIdle)
                .onCommand(BotCommand.Stop.class, () -> Effect().stop())
                .build();
    }

    @Override
    public SignalHandler<BotState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(PostStop.instance(), state -> moment.runEnded(now(), 0))
                .build();
    }

    private void onRecovered(BotState state) {
        moment.runEnded(now(), 0); // a run of an earlier incarnation of this actor, if there is one
        moment.heardOfRun(now());
        askQueues(state);
        tickIfNeeded(state);
    }

    private Effect<BotEvent, BotState> onRequest(BotState state, BotCommand.Request request) {
        BotDecision decision = BotDecider.decide(state, request, now());
        if (decision instanceof BotDecision.Reject reject) {
            request.replyTo().tell(new BotReply.Refused(reject.problem()));
            return Effect().none();
        }
        BotDecision.Accept accept = (BotDecision.Accept) decision;
        if (request instanceof BotCommand.RunNow && state.exists() && state.run() == null) {
            moment.force();
        } else if (request instanceof BotCommand.Heartbeat || request instanceof BotCommand.MoveCheckpoints) {
            moment.heardOfRun(now());
        }
        return persist(
                state,
                accept.events(),
                after -> request.replyTo().tell(accept.reply().apply(after)));
    }

    private Effect<BotEvent, BotState> onAsk(BotState state, BotCommand.Ask ask) {
        if (!state.exists()) {
            refuse(ask, Problem.of(ProblemType.NOT_FOUND, "there is no such bot"));
        } else if (!(state.registration().handler() instanceof HandlerSpec.Worker)) {
            refuse(ask, Problem.of(ProblemType.CONFLICT, "the bot's handler is not a worker"));
        } else if (!moment.offer(ask, now())) {
            refuse(ask, Problem.of(ProblemType.TOO_MANY_REQUESTS, "too many workers wait for a run of the bot"));
        }
        return proceed(state);
    }

    private static void refuse(BotCommand.Request request, Problem problem) {
        request.replyTo().tell(new BotReply.Refused(problem));
    }

    private Effect<BotEvent, BotState> onWake(BotState state, BotCommand.Wake wake) {
        if (!state.archived() && state.triggers().contains(wake.queue())) {
            moment.eventsWait(wake.queue());
        } else {
            bot.queues().unsubscribe(wake.queue(), bot.id().value());
        }
        return proceed(state);
    }

    private Effect<BotEvent, BotState> onAsleep(BotState state, BotCommand.Asleep asleep) {
        moment.nothingWaits(asleep.queue());
        return Effect().none();
    }

    private Effect<BotEvent, BotState> onWrote(BotState state, BotCommand.Wrote wrote) {
        boolean isNew =
                !state.written().contains(wrote.queue()) && state.written().size() < BotState.MAX_QUEUES;
        return state.exists() && isNew
                ? Effect().persist(new BotEvent.Wrote(wrote.queue()))
                : Effect().none();
    }

    private Effect<BotEvent, BotState> onCheck(BotState state, BotCommand.Check check) {
        String queue = check.queue();
        EventId last = check.last();
        if (queue == null || last == null) {
            askQueues(state);
        } else if (!state.archived()
                && state.run() == null
                && state.triggers().contains(queue)
                && state.position(queue).isBefore(last)) {
            moment.eventsWait(queue);
        }
        return proceed(state);
    }

    private Effect<BotEvent, BotState> onTick(BotState state, BotCommand.Tick tick) {
        moment.expireAskers(now());
        for (String queue : moment.toAskAgain(now())) {
            askQueue(state, queue);
        }
        return proceed(state);
    }

    /** Ends a run whose lease is over, or starts one if it is due. */
    private Effect<BotEvent, BotState> proceed(BotState state) {
        BotState.Run run = state.run();
        if (run != null) {
            BotEvent ended = leaseEnd(state, run);
            if (ended != null) {
                return persist(state, List.of(ended), after -> {});
            }
        } else if (state.mayRun(now()) && moment.wantsRun(now())) {
            return start(state);
        }
        tickIfNeeded(state);
        return Effect().none();
    }

    private @Nullable BotEvent leaseEnd(BotState state, BotState.Run run) {
        if (now() >= run.deadline()) {
            return RunDecisions.expire(state, run, now());
        }
        boolean lost = run.worker() == null
                ? !moment.isRunningHere()
                : moment.isRunLost(now(), bot.settings().lostAfter().toMillis());
        return lost ? RunDecisions.lose(run, now()) : null;
    }

    private Effect<BotEvent, BotState> start(BotState state) {
        boolean here = state.registration().handler() instanceof HandlerSpec.Java;
        BotCommand.Ask asker = here ? null : moment.nextAsker(now());
        if (!here && asker == null) {
            tickIfNeeded(state);
            return Effect().none();
        }
        String worker = asker == null ? null : asker.worker();
        BotEvent.RunStarted started = RunDecisions.start(state, bot.runIds().get(), bot.node(), worker, now());
        return persist(state, List.of(started), after -> {
            BotState.Run run = after.run();
            if (run != null && asker != null) {
                moment.runStarted(null, now());
                asker.replyTo().tell(new BotReply.Granted(after, run));
            } else if (run != null) {
                moment.runStarted(launch(after, run), now());
            }
        });
    }

    private RunHandle launch(BotState state, BotState.Run run) {
        RunRef ref =
                new RunRef(bot.id(), run.run(), run.epoch(), state.generation(), Instant.ofEpochMilli(run.deadline()));
        return bot.launcher()
                .launch(new RunOrder(
                        ref,
                        Instant.ofEpochMilli(run.readUntil()),
                        state.triggers(),
                        state.read(),
                        state.registration().batch(),
                        (HandlerSpec.Java) java.util.Objects.requireNonNull(
                                state.registration().handler())));
    }

    private Effect<BotEvent, BotState> persist(
            BotState before, List<BotEvent> events, java.util.function.Consumer<BotState> then) {
        return Effect().persist(events).thenRun(after -> {
            then.accept(after);
            settle(before, after);
        });
    }

    /** Makes the moment fit the state that a command has led to. */
    private void settle(BotState before, BotState after) {
        boolean runEnded = before.run() != null && after.run() == null;
        boolean changed = before.version() != after.version();
        if (runEnded) {
            moment.runEnded(now(), after.lastRunDidNothingWithin(IDLE_RUN_REST) ? IDLE_RUN_REST : 0);
        }
        if (after.paused()) {
            moment.stopRun();
        }
        if (changed) {
            Set<String> gone = new HashSet<>(before.triggers());
            if (!after.archived()) {
                gone.removeAll(after.triggers());
            }
            gone.forEach(queue -> {
                moment.nothingWaits(queue);
                bot.queues().unsubscribe(queue, bot.id().value());
            });
        }
        if (runEnded || changed || before.generation() != after.generation()) {
            askQueues(after);
        }
        tickIfNeeded(after);
        if (after.mayRun(now()) && moment.wantsRun(now())) {
            context.getSelf().tell(BotCommand.Tick.TICK);
        }
    }

    private void askQueues(BotState state) {
        if (state.exists() && !state.archived() && state.run() == null) {
            state.triggers().forEach(queue -> askQueue(state, queue));
        }
    }

    private void askQueue(BotState state, String queue) {
        moment.asked(queue, now());
        bot.queues().sleep(queue, bot.id().value(), state.position(queue));
    }

    private void tickIfNeeded(BotState state) {
        if ((state.run() != null || moment.isWaiting()) && !timers.isTimerActive(BotCommand.Tick.TICK)) {
            timers.startSingleTimer(BotCommand.Tick.TICK, TICK);
        }
    }

    private Effect<BotEvent, BotState> onIdle(BotState state, BotCommand.Idle idle) {
        boolean busy = state.run() != null || moment.hasAskers() || state.backoffUntil() > now();
        if (!busy) {
            bot.passivation().accept(context.getSelf());
        }
        return Effect().none();
    }

    private long now() {
        return bot.clock().millis();
    }
}
