package io.millrace.node.bot;

import io.millrace.node.application.RunRef;
import io.millrace.node.journal.Claim;
import io.millrace.node.journal.FencedException;
import io.millrace.node.run.RunHandle;
import io.millrace.node.simulation.Machine;
import io.millrace.node.simulation.World;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One incarnation of a bot: the real decisions, state and moment around the real log, without actors. */
public class SimulatedBot {
    private static final int TICK = 50;
    private static final int RESTART = 120;
    private static final long LOST_AFTER = 500;
    private static final long ASKER_WAITS = 200;

    /** What a worker gets. */
    public record Grant(RunRef ref, Position from, long readUntil) {}

    private record Asker(Consumer<Grant> reply, long until) {}

    private final World world;
    private final Machine machine;
    private final String id;
    private final Deque<Runnable> stash = new ArrayDeque<>();
    private final Deque<Asker> askers = new ArrayDeque<>();
    private final RunFences fences = new RunFences();
    private BotMoment moment = new BotMoment();
    private BotState state;
    private Claim claim;
    private long sequence;
    private boolean busy;
    private boolean ticking;
    private boolean stopped;

    public SimulatedBot(World world, Machine machine, String id) {
        this.world = world;
        this.machine = machine;
        this.id = id;
        start();
    }

    public static String log(String id) {
        return "bot|" + id;
    }

    /** The registration of a bot with one trigger. */
    public static BotConfig config(boolean worker, String trigger, Duration maxDuration) {
        return new BotConfig(
                null,
                null,
                null,
                List.of(trigger),
                null,
                null,
                worker ? new HandlerSpec.Worker(null) : new HandlerSpec.Java("x", null),
                null,
                null,
                maxDuration,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private void start() {
        busy = true;
        CompletionStage<BotState> recovery = world.log(machine).claim(log(id)).thenCompose(mine -> {
            BotState[] replayed = {BotState.EMPTY};
            return world.log(machine)
                    .replayHeads(log(id), mine.floor() + 1, mine.tail(), Long.MAX_VALUE, record -> {
                        world.tables().checkRead(log(id), record);
                        replayed[0] =
                                replayed[0].apply((BotEvent) world.records().decode(record.manifest(), record.head()));
                    })
                    .thenApply(done -> {
                        claim = mine;
                        sequence = mine.tail();
                        return replayed[0];
                    });
        });
        world.then(recovery, this::recovered, this::failed);
    }

    private void recovered(BotState recovered) {
        if (stopped) {
            return;
        }
        busy = false;
        state = recovered;
        moment.runEnded(now(), 0);
        moment.heardOfRun(now());
        askQueues();
        tickIfNeeded();
        unstash();
    }

    /** The journal failed: the actor begins again, after a while. */
    private void failed(Throwable cause) {
        lost(cause.getMessage(), FencedException.isCauseOf(cause));
    }

    private void lost(String why, boolean fenced) {
        if (stopped) {
            return;
        }
        world.note(() -> this + " failed: " + why);
        moment.runEnded(now(), 0);
        moment = new BotMoment();
        askers.clear();
        stash.clear();
        state = null;
        busy = true;
        if (fenced && !world.isHome(machine, "bot " + id)) {
            stop();
            return;
        }
        machine.after(RESTART, "restart of", this, () -> {
            if (!stopped) {
                start();
            }
        });
    }

    /** Ends it where it stands, and the run that it has launched. */
    public void stop() {
        stopped = true;
        moment.runEnded(now(), 0);
        world.gone(machine, this);
    }

    /** A bot that has asked and wasn't answered isn't at rest: nobody else would ask again. */
    public boolean isIdle() {
        return !busy && state != null && state.run() == null && askers.isEmpty() && !moment.isWaiting();
    }

    private void command(Runnable work) {
        if (busy) {
            stash.add(work);
        } else if (!stopped) {
            work.run();
        }
    }

    private void unstash() {
        while (!busy && !stopped && !stash.isEmpty()) {
            stash.remove().run();
        }
    }

    public void register(BotConfig config, Runnable done) {
        command(() -> request(() -> BotDecisions.register(state, config, null, now()), reply -> done.run()));
    }

    public void heartbeat(RunRef run, Consumer<Problem> reply) {
        command(() -> {
            moment.heardOfRun(now());
            request(
                    () -> RunDecisions.heartbeat(state, new BotCommand.Heartbeat(run.epoch(), run.run(), null), now()),
                    reply);
        });
    }

    /** Moves the checkpoints; {@code reply} gets null, or what was wrong. */
    public void checkpoint(RunRef run, Map<String, Checkpoint> read, Consumer<Problem> reply) {
        command(() -> {
            moment.heardOfRun(now());
            request(
                    () -> RunDecisions.checkpoint(
                            state, new BotCommand.MoveCheckpoints(run.epoch(), run.run(), read, null), now()),
                    reply);
        });
    }

    public void complete(RunRef run, Map<String, Checkpoint> read, Consumer<Problem> reply) {
        command(() -> request(
                () -> RunDecisions.complete(
                        state, new BotCommand.Complete(run.epoch(), run.run(), null, read, 0, null), now()),
                reply));
    }

    /** A worker asks for a run. */
    public void ask(Consumer<Grant> reply) {
        command(() -> {
            askers.add(new Asker(reply, now() + ASKER_WAITS));
            proceed();
        });
    }

    public void wake(String queue) {
        command(() -> {
            moment.eventsWait(queue);
            proceed();
        });
    }

    public void asleep(String queue) {
        command(() -> moment.asleep(queue));
    }

    /** The sweeper asks. */
    public void check(String queue, EventId last) {
        command(() -> {
            if (state.run() == null
                    && state.triggers().contains(queue)
                    && state.position(queue).isBefore(last)) {
                moment.eventsWait(queue);
            }
            proceed();
        });
    }

    /** An administrator ends the run under way. */
    public void kill() {
        command(() -> request(() -> BotDecisions.kill(state, now()), reply -> {}));
    }

    /** A run is about to write to a queue for the first time. */
    public void admit(RunRef run, String queue, Consumer<Problem> reply) {
        command(() -> request(
                () -> RunDecisions.admit(state, new BotCommand.Admit(run.epoch(), run.run(), queue, null), now()),
                reply));
    }

    /** A queue takes nothing of runs before an epoch any more. */
    public void fenced(String queue, long epoch) {
        command(() -> {
            fences.heard(queue, epoch);
            proceed();
        });
    }

    /** What makes nothing durable is answered when it is proven that this is the owner still, and decided anew then. */
    private void request(Supplier<BotDecision> rule, Consumer<Problem> reply) {
        BotDecision decision = rule.get();
        if (decision instanceof BotDecision.Accept accept && !accept.events().isEmpty()) {
            persist(accept.events(), () -> reply.accept(null));
        } else {
            proven(() -> {
                if (rule.get() instanceof BotDecision.Reject reject) {
                    reply.accept(reject.problem());
                } else {
                    persist(((BotDecision.Accept) rule.get()).events(), () -> reply.accept(null));
                }
            });
        }
    }

    /** Does something if the log is still this incarnation's; else that one leaves. */
    private void proven(Runnable then) {
        Claim mine = claim;
        world.then(
                world.log(machine).holds(mine),
                holds -> {
                    if (holds) {
                        command(then);
                    } else if (claim == mine && !busy) {
                        lost("the log was taken over", true);
                    }
                },
                away -> {});
    }

    private void persist(List<BotEvent> events, Runnable then) {
        BotState before = state;
        if (events.isEmpty()) {
            then.run();
            settle(before);
            return;
        }
        busy = true;
        world.then(
                world.log(machine)
                        .append(
                                claim,
                                sequence + 1,
                                events.stream().map(world.records()::encode).toList()),
                tail -> {
                    if (stopped) {
                        return;
                    }
                    busy = false;
                    sequence = tail;
                    for (BotEvent event : events) {
                        state = state.apply(event);
                    }
                    then.run();
                    settle(before);
                    unstash();
                },
                this::failed);
    }

    private void settle(BotState before) {
        boolean runEnded = before.run() != null && state.run() == null;
        if (runEnded) {
            moment.runEnded(now(), 0);
            fencesStand();
        }
        if (runEnded || before.version() != state.version()) {
            askQueues();
        }
        tickIfNeeded();
        if (state.mayRun(now()) && moment.wantsRun(now())) {
            machine.after(0, "go on", this, () -> command(this::proceed));
        }
    }

    /** Tells the queues that the bot writes to that its runs so far are over. {@return whether all of them know it} */
    boolean fencesStand() {
        long generation = state.generation();
        long next = state.epoch() + 1;
        fences.toTell(state, now())
                .forEach(queue -> world.tellQueue(machine, queue, "fence", one -> one.fence(id, generation, next)));
        return fences.stand(state);
    }

    private void askQueues() {
        if (state.exists() && state.run() == null) {
            state.triggers().forEach(this::askQueue);
        }
    }

    private void askQueue(String queue) {
        moment.asked(queue, now());
        Position position = state.position(queue);
        world.tellQueue(machine, queue, "sleep", one -> one.sleep(id, position));
    }

    private void tickIfNeeded() {
        if (!ticking && (state.run() != null || moment.isWaiting() || fences.arePending() || !askers.isEmpty())) {
            ticking = true;
            machine.after(TICK, "tick of", this, () -> {
                ticking = false;
                if (!stopped) {
                    command(this::tick);
                }
            });
        }
    }

    private void tick() {
        moment.toAskAgain(now()).forEach(this::askQueue);
        if (fences.arePending() && state.run() == null) {
            fencesStand();
        }
        proceed();
    }

    private void proceed() {
        BotState.Run run = state.run();
        if (run != null) {
            boolean lost = run.worker() == null ? !moment.isRunningHere() : moment.isRunLost(now(), LOST_AFTER);
            if (now() >= run.deadline()) {
                persist(List.of(RunDecisions.expire(state, run, now())), () -> {});
                return;
            } else if (lost) {
                persist(List.of(RunDecisions.lose(state, run, now())), () -> {});
                return;
            }
        } else if (state.mayRun(now()) && moment.wantsRun(now()) && fencesStand()) {
            startRun();
        }
        if (!busy) {
            tickIfNeeded();
        }
    }

    private void startRun() {
        boolean here = state.registration().handler() instanceof HandlerSpec.Java;
        askers.removeIf(waiting -> waiting.until() <= now());
        Consumer<Grant> asker =
                here || askers.isEmpty() ? null : askers.remove().reply();
        if (!here && asker == null) {
            return;
        }
        persist(
                List.of(RunDecisions.start(
                        state,
                        "run" + (state.epoch() + 1) + "@" + machine,
                        "n",
                        here ? null : "w",
                        now(),
                        RunCause.EVENTS)),
                () -> granted(asker));
    }

    private void granted(Consumer<Grant> asker) {
        BotState.Run run = state.run();
        RunRef ref = new RunRef(
                new BotId(id), run.run(), run.epoch(), state.generation(), Instant.ofEpochMilli(run.deadline()));
        Grant grant = new Grant(ref, state.position(state.triggers().get(0)), run.readUntil());
        RunHandle handle = asker == null ? world.launch(machine, grant) : null;
        moment.runStarted(handle, now());
        if (asker != null) {
            asker.accept(grant);
        }
    }

    private long now() {
        return machine.now();
    }

    @Override
    public String toString() {
        return "bot " + id + " on " + machine;
    }
}
