package io.millrace.node.bot;

import io.millrace.node.log.FrontMessages;
import io.millrace.node.log.LogKeeper;
import io.millrace.node.log.LogRules;
import io.millrace.node.log.Questions;
import io.millrace.node.telemetry.LogFields;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
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
 * The bot as the cluster sees it: has its log make durable what its desk decides, and only then starts, answers or tells.
 * Requests that come meanwhile wait in a bounded line; what can't be taken is refused at once.
 */
final class BotActor extends AbstractBehavior<BotCommand> {
    private static final LogRules<BotEvent, BotState> RULES = new LogRules<>(BotState.EMPTY, BotState::apply, 200);
    private static final FrontMessages<BotCommand, BotState> MESSAGES =
            new FrontMessages<>(BotCommand.Recovered::new, BotCommand.Persisted::new, BotCommand.Restart.RESTART);
    private static final Duration TICK = Duration.ofMillis(250);

    /** How long a commit under way may keep a bot that is to stop. */
    private static final Duration LAST_COMMIT = Duration.ofSeconds(1);

    private final BotContext bot;
    private final TimerScheduler<BotCommand> timers;
    private final LogKeeper<BotCommand, BotEvent, BotState> log;
    private final BotDesk desk;
    private @Nullable BotState state;
    private @Nullable BotCommit underWay;
    private boolean failed;
    private boolean stopping;
    /** Has asked to leave memory. */
    private boolean resting;

    private BotActor(ActorContext<BotCommand> context, TimerScheduler<BotCommand> timers, BotContext bot) {
        super(context);
        this.bot = bot;
        this.timers = timers;
        desk = new BotDesk(
                bot,
                new Questions<>(context, bot.log(), bot.ownership(), BotCommand.Looked::new),
                new Planning(
                        bot,
                        (stage, scheduled) -> context.pipeToSelf(
                                // "Null" would be told to a dead actor as well, which Pekko's log can't say.
                                stage.thenApply(done -> true),
                                (done, failure) -> new BotCommand.Planned(scheduled, failure == null))),
                new ReplayDesk(bot, beside(context)));
        log = new LogKeeper<>(context, timers, bot.log(), RULES, MESSAGES);
        log.start();
        context.setReceiveTimeout(bot.settings().passivateAfter(), BotCommand.Idle.IDLE);
    }

    private static ReplayDesk.Beside beside(ActorContext<BotCommand> context) {
        return new ReplayDesk.Beside() {
            @Override
            public <T> void run(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> note) {
                context.pipeToSelf(
                        stage, (value, failure) -> new BotCommand.Replayed(() -> note.accept(value, failure)));
            }
        };
    }

    static Behavior<BotCommand> create(BotContext bot) {
        return Behaviors.withTimers(timers -> Behaviors.setup(context -> new BotActor(context, timers, bot)));
    }

    @Override
    public Receive<BotCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(BotCommand.Request.class, this::onRequest)
                .onMessage(BotCommand.Signal.class, this::onSignal)
                .onMessage(BotCommand.Tick.class, this::onTick)
                .onMessage(BotCommand.Persisted.class, this::onPersisted)
                .onMessage(BotCommand.Recovered.class, this::onRecovered)
                .onMessage(BotCommand.Looked.class, this::onLooked)
                .onMessage(BotCommand.Planned.class, this::onPlanned)
                .onMessage(BotCommand.Replayed.class, this::onReplayed)
                .onMessage(BotCommand.SlotTime.class, slot -> work())
                .onMessage(BotCommand.Restart.class, this::onRestart)
                .onMessage(BotCommand.Idle.class, this::onIdle)
                .onMessage(BotCommand.Stop.class, this::onStop)
                .onMessage(BotCommand.StopNow.class, message -> Behaviors.stopped())
                .onSignal(ChildFailed.class, this::onLogFailed)
                .onSignal(Terminated.class, ended -> Behaviors.stopped())
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    private Behavior<BotCommand> onRequest(BotCommand.Request request) {
        if (failed || stopping) {
            BotDesk.refuseAway(request);
            return this;
        }
        desk.offer(request);
        return work();
    }

    private Behavior<BotCommand> onSignal(BotCommand.Signal signal) {
        desk.note(signal);
        return work();
    }

    private Behavior<BotCommand> onTick(BotCommand.Tick tick) {
        if (state != null) {
            desk.tick(state);
        }
        return work();
    }

    /** Goes on to the next thing that must become durable, unless something is under way. */
    private Behavior<BotCommand> work() {
        BotState now = state;
        if (now == null || underWay != null || stopping) {
            return this;
        }
        BotCommit next = desk.next(now);
        if (next != null) {
            underWay = next;
            desk.commitBegins();
            log.commit(next.events());
        } else {
            desk.look();
            if (desk.wasForNothing(now)) {
                rest();
            }
        }
        if (desk.waits(now) && !timers.isTimerActive(BotCommand.Tick.TICK)) {
            timers.startSingleTimer(BotCommand.Tick.TICK, TICK);
        }
        Duration untilSlot = desk.untilSlot(now);
        if (untilSlot != null) {
            timers.startSingleTimer(BotCommand.SlotTime.SLOT_TIME, untilSlot);
        }
        return this;
    }

    private Behavior<BotCommand> onPersisted(BotCommand.Persisted persisted) {
        BotCommit commit = underWay;
        BotState before = state;
        if (commit == null || before == null) {
            throw new AssertionError("nothing was to persist");
        }
        underWay = null;
        state = persisted.state();
        commit.then().accept(state);
        if (stopping) {
            return Behaviors.stopped();
        }
        desk.settle(before, state);
        return work();
    }

    private Behavior<BotCommand> onRecovered(BotCommand.Recovered recovered) {
        state = recovered.state();
        failed = false;
        log.recovered();
        desk.recovered(state);
        return work();
    }

    private Behavior<BotCommand> onLogFailed(ChildFailed ended) {
        state = null;
        failed = true;
        giveUp();
        if (stopping) {
            return Behaviors.stopped();
        } else if (LogKeeper.isTaken(ended)) {
            return leave();
        }
        log.restartLater(ended);
        return this;
    }

    private Behavior<BotCommand> onReplayed(BotCommand.Replayed replayed) {
        replayed.note().run();
        return work();
    }

    private Behavior<BotCommand> onPlanned(BotCommand.Planned planned) {
        desk.planned(planned);
        return work();
    }

    private Behavior<BotCommand> onLooked(BotCommand.Looked looked) {
        return desk.looked(looked.look()) ? leave() : work();
    }

    private Behavior<BotCommand> leave() {
        getContext()
                .getLog()
                .atWarn()
                .addKeyValue(LogFields.BOT, bot.id().value())
                .log("Bot {} is owned elsewhere now; stopping", bot.id());
        return Behaviors.stopped();
    }

    private Behavior<BotCommand> onRestart(BotCommand.Restart message) {
        log.start();
        return this;
    }

    private Behavior<BotCommand> onIdle(BotCommand.Idle idle) {
        if (state != null && underWay == null && !desk.isBusy(state)) {
            rest();
        }
        return this;
    }

    /** Doesn't wait for the handler: what it still does is refused by its epoch, and dropped by the marks when repeated. */
    private Behavior<BotCommand> onStop(BotCommand.Stop stop) {
        stopping = true;
        if (state != null) {
            desk.leave(state);
        }
        if (state == null || underWay != null || desk.isBusy(state)) {
            // What came after this actor had asked to be let go, or before it was told to move, would be lost with it.
            bot.successor().accept(desk.legacy(getContext().getSystem().ignoreRef()));
        }
        desk.clear();
        if (underWay == null) {
            return Behaviors.stopped();
        }
        timers.startSingleTimer(BotCommand.StopNow.STOP_NOW, LAST_COMMIT);
        return this;
    }

    private void rest() {
        resting = true;
        bot.passivation().accept(getContext().getSelf());
    }

    private Behavior<BotCommand> onPostStop(PostStop stopped) {
        giveUp();
        desk.close(resting);
        return this;
    }

    /** Ends the run and lets nobody wait in vain. */
    private void giveUp() {
        BotCommit commit = underWay;
        underWay = null;
        if (commit != null) {
            commit.otherwise()
                    .accept(Problem.of(
                            ProblemType.UNKNOWN_OUTCOME, "it is not known whether it was done; look, or repeat it"));
        }
        desk.clear();
    }
}
