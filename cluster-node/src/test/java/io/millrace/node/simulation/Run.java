package io.millrace.node.simulation;

import io.millrace.node.application.Append;
import io.millrace.node.application.Append.Follows;
import io.millrace.node.bot.SimulatedBot;
import io.millrace.node.queue.QueueOracle.Stored;
import io.millrace.node.queue.SimulatedQueue;
import io.millrace.node.run.RunHandle;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: reads what is committed, appends what it makes of it, checkpoints, until nothing is left or its time is over. */
class Run implements RunHandle {
    private static final int BATCH = 3;
    private static final int ASK_TIMEOUT = 150;
    private static final int HEARTBEAT = 120;

    private final World world;
    private final Machine machine;
    private final SimulatedBot.Grant grant;
    private Position position;
    private long records;
    private boolean ended;

    Run(World world, Machine machine, SimulatedBot.Grant grant) {
        this.world = world;
        this.machine = machine;
        this.grant = grant;
        this.position = grant.from();
    }

    Run begin(boolean heartbeats) {
        machine.after(1, "run begins", grant.ref().run(), this::read);
        if (heartbeats) {
            beat();
        }
        return this;
    }

    private void beat() {
        machine.after(HEARTBEAT, "heartbeat of", grant.ref().run(), () -> {
            if (!ended) {
                world.tellBot(
                        machine,
                        World.BOT,
                        "heartbeat",
                        bot -> bot.heartbeat(grant.ref(), world.back(machine, this::heard)));
                beat();
            }
        });
    }

    private void heard(Problem problem) {
        if (problem != null && problem.is(ProblemType.STALE_RUN)) {
            end();
        }
    }

    private void end() {
        ended = true;
        world.runOver(machine);
    }

    boolean isOver() {
        return machine.now() >= grant.ref().deadline().toEpochMilli();
    }

    private void read() {
        if (ended) {
            return;
        }
        if (machine.now() >= grant.readUntil()) {
            complete();
            return;
        }
        String log = SimulatedQueue.log(World.SOURCE);
        world.then(
                world.reader(machine)
                        .tail(log)
                        .thenCompose(tail -> world.reader(machine)
                                .read(log, 1, tail.map(found -> found.tail()).orElse(0L), 1 << 20)),
                rows -> {
                    List<Stored> batch = new ArrayList<>();
                    rows.forEach(row -> {
                        world.tables().checkRead(log, row);
                        for (Stored event : io.millrace.node.queue.QueueOracle.events(
                                world.records().blocks(row.manifest(), row.body()))) {
                            if (position.isBefore(event.eid()) && batch.size() < BATCH) {
                                batch.add(event);
                            }
                        }
                    });
                    if (batch.isEmpty()) {
                        complete();
                    } else {
                        handle(batch);
                    }
                },
                failure -> machine.after(20, "read again", grant.ref().run(), this::read));
    }

    private void handle(List<Stored> batch) {
        if (world.chance().perMille(500)) {
            write(List.of(append(batch)), batch);
            return;
        }
        // All on their way at once, each naming what it follows.
        List<Append> appends = new ArrayList<>();
        Follows before = null;
        for (Stored event : batch) {
            appends.add(append(List.of(event)).after(follows(before)));
            before = new Follows(World.SOURCE, event.eid());
        }
        write(appends, batch);
    }

    private Append append(List<Stored> batch) {
        BlockWriter block = new BlockWriter(World.BOT);
        ParentRanges parents = new ParentRanges();
        for (Stored event : batch) {
            Correlation parent = Correlation.of(World.SOURCE, event.eid());
            for (String payload : World.output(event.payload())) {
                block.add(new NewEvent(Payload.ofJson(payload), parent, null, null));
                parents.add(parent);
            }
        }
        return new Append(List.of(block.build(false)), null, grant.ref(), parents.toList());
    }

    /** What an append says that it follows; planted bugs say nothing. */
    @Nullable
    Follows follows(@Nullable Follows before) {
        return before;
    }

    /** Appends, and goes on when all is acknowledged; planted bugs do it otherwise. */
    void write(List<Append> appends, List<Stored> batch) {
        int[] left = {appends.size()};
        appends.forEach(append -> send(append, () -> {
            if (--left[0] == 0) {
                checkpoint(batch);
            }
        }));
    }

    final void send(Append append, Runnable then) {
        if (world.admitted().contains(machine)) {
            sendAdmitted(append, then);
            return;
        }
        repeat(
                "admission of " + grant.ref().run(),
                (attempt, reply) -> world.tellBot(
                        machine,
                        World.BOT,
                        "admit",
                        bot -> bot.admit(grant.ref(), World.TARGET, world.back(machine, reply))),
                () -> {
                    world.admitted().add(machine);
                    sendAdmitted(append, then);
                });
    }

    private void sendAdmitted(Append append, Runnable then) {
        repeat(
                "append of " + grant.ref().run(),
                (attempt, reply) -> world.tellQueue(
                        machine,
                        World.TARGET,
                        "append of a run",
                        queue -> queue.append(
                                append,
                                world.back(
                                        machine,
                                        outcome -> reply.accept(
                                                outcome instanceof Outcome.Refused refused
                                                        ? refused.problem()
                                                        : null)))),
                then);
    }

    final void checkpoint(List<Stored> batch) {
        Stored last = batch.get(batch.size() - 1);
        position = Position.of(last.eid());
        records += batch.size();
        if (world.chance().perMille(300)) {
            read();
            return;
        }
        Map<String, Checkpoint> moved = checkpoints();
        repeat(
                "checkpoint of " + grant.ref().run(),
                (attempt, reply) -> world.tellBot(
                        machine,
                        World.BOT,
                        "checkpoint",
                        bot -> bot.checkpoint(grant.ref(), moved, world.back(machine, reply))),
                this::read);
    }

    private Map<String, Checkpoint> checkpoints() {
        return records == 0
                ? Map.of()
                : Map.of(World.SOURCE, new Checkpoint(position, records, null, null, machine.now()));
    }

    private void complete() {
        Map<String, Checkpoint> moved = checkpoints();
        repeat(
                "end of " + grant.ref().run(),
                (attempt, reply) -> world.tellBot(
                        machine,
                        World.BOT,
                        "complete",
                        bot -> bot.complete(grant.ref(), moved, world.back(machine, reply))),
                this::end);
    }

    /** Sends something until it is answered with yes, or this run is told to be over, or its time is. */
    private void repeat(String what, BiConsumer<Integer, Consumer<Problem>> send, Runnable then) {
        if (ended) {
            return;
        }
        if (isOver()) {
            end();
            return;
        }
        boolean[] heard = {false};
        send.accept(0, problem -> {
            if (heard[0] || ended) {
                return;
            }
            heard[0] = true;
            if (problem == null) {
                then.run();
            } else if (problem.retryable()) {
                machine.after(20, "again", what, () -> repeat(what, send, then));
            } else if (problem.is(ProblemType.STALE_RUN)) {
                end();
            } else {
                throw new Violation(what + " was refused: " + problem);
            }
        });
        machine.after(ASK_TIMEOUT, "no answer to", what, () -> {
            if (!heard[0]) {
                heard[0] = true;
                repeat(what, send, then);
            }
        });
    }

    @Override
    public void stop() {
        // Nobody pauses bots here.
    }

    @Override
    public void abort() {
        ended = true;
    }

    /** Moves the checkpoint while the append is still on its way. */
    static final class CheckpointsTooEarly extends Run {
        CheckpointsTooEarly(World world, Machine machine, SimulatedBot.Grant grant) {
            super(world, machine, grant);
        }

        @Override
        void write(List<Append> appends, List<Stored> batch) {
            appends.forEach(append -> send(append, () -> {}));
            checkpoint(batch);
        }
    }

    /** Sends several appends without saying in which order they are to be taken. */
    static final class FollowsNothing extends Run {
        FollowsNothing(World world, Machine machine, SimulatedBot.Grant grant) {
            super(world, machine, grant);
        }

        @Override
        @Nullable
        Follows follows(@Nullable Follows before) {
            return null;
        }
    }
}
