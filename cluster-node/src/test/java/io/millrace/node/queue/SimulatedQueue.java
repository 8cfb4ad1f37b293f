package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.node.cluster.Moves;
import io.millrace.node.journal.Claim;
import io.millrace.node.journal.FencedException;
import io.millrace.node.simulation.Machine;
import io.millrace.node.simulation.Outcome;
import io.millrace.node.simulation.World;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One incarnation of a queue: the real decisions, state and sleepers around the real log, without actors. */
public class SimulatedQueue {
    private static final int REPORT = 200;
    private static final int RESTART = 40;

    private record Waiting(Append append, QueueCommand.Request change, Consumer<Outcome> reply) {}

    private final World world;
    private final Machine machine;
    private final String name;
    private final QueueName queue;
    private final Sleepers sleepers;
    private final Fences fences;
    private final List<Waiting> line = new ArrayList<>();
    private final List<Waiting> early = new ArrayList<>();
    private List<Waiting> underWay = List.of();
    private QueueState state;
    private Claim claim;
    private boolean claiming;
    private @Nullable EventId lastUnderWay;
    private boolean busy;
    private boolean stopped;

    public SimulatedQueue(World world, Machine machine, String name) {
        this.world = world;
        this.machine = machine;
        this.name = name;
        this.queue = new QueueName(name);
        this.sleepers = new Sleepers(name, new Signals(), new Reports());
        this.fences = new Fences(name, new Signals());
        start();
    }

    /** The log of a queue. */
    public static String log(String name) {
        return "queue|" + name;
    }

    public boolean isIdle() {
        return state != null && !busy && line.isEmpty() && early.isEmpty();
    }

    /** Ends it where it stands; what is under way goes its way. */
    public void stop() {
        stopped = true;
        world.gone(machine, this);
    }

    private void start() {
        claiming = true;
        CompletionStage<QueueState> recovery = world.log(machine)
                .claim(log(name))
                .thenCompose(mine -> {
                    QueueState[] replayed = {QueueState.EMPTY};
                    return world.log(machine)
                            .replayHeads(log(name), mine.floor() + 1, mine.tail(), Long.MAX_VALUE, record -> {
                                world.tables().checkRead(log(name), record);
                                replayed[0] = replayed[0].apply(
                                        (QueueEvent) world.records().decode(record.manifest(), record.head()));
                            })
                            .thenApply(done -> {
                                claim = mine;
                                return replayed[0];
                            });
                });
        world.then(recovery, this::recovered, this::failed);
    }

    private void recovered(QueueState recovered) {
        if (stopped) {
            return;
        }
        claiming = false;
        state = recovered;
        world.note(() -> this + " recovered to " + recovered.last());
        sleepers.recovered(recovered, machine.now()).forEach(each -> sleep(each.bot(), each.position()));
        fences.drain().forEach(each -> fence(each.bot(), each.generation(), each.epoch()));
        proceed();
    }

    private void failed(Throwable cause) {
        lost(cause.getMessage(), FencedException.isCauseOf(cause));
    }

    private void lost(String why, boolean fenced) {
        if (stopped) {
            return;
        }
        world.note(() -> this + " failed: " + why);
        if (state != null && lastUnderWay != null) {
            sleepers.unknown(state, lastUnderWay);
        }
        lastUnderWay = null;
        state = null;
        busy = false;
        claiming = false;
        List<Waiting> unknown = underWay;
        underWay = List.of();
        unknown.forEach(each -> each.reply.accept(refused(ProblemType.UNKNOWN_OUTCOME)));
        List<Waiting> waiting = new ArrayList<>(line);
        waiting.addAll(early);
        line.clear();
        early.clear();
        waiting.forEach(each -> each.reply.accept(refused(ProblemType.UNAVAILABLE)));
        if (fenced) {
            stop();
        } else {
            machine.after(RESTART, "restart of", this, () -> {
                if (!stopped) {
                    start();
                }
            });
        }
    }

    private static Outcome refused(ProblemType type) {
        return new Outcome.Refused(Problem.of(type, "simulated"));
    }

    /** Events for the queue. */
    public void append(Append append, Consumer<Outcome> reply) {
        if (stopped || (state == null && !claiming)) {
            reply.accept(refused(ProblemType.UNAVAILABLE));
        } else {
            line.add(new Waiting(append, null, reply));
            proceed();
        }
    }

    /** A bot found nothing more. */
    public void sleep(String bot, Position position) {
        if (state != null && !stopped) {
            proven(() -> goToSleep(new QueueCommand.Sleep(bot, position)));
        }
    }

    private void goToSleep(QueueCommand.Sleep sleep) {
        String bot = sleep.bot();
        if (state == null || stopped) {
            return;
        }
        if (!state.subscribers().contains(bot)) {
            line.add(new Waiting(null, new QueueCommand.Subscribe(bot, TestQueue.nobody()), reply -> {}));
            sleepers.await(sleep);
            proceed();
        } else {
            offer(sleep);
        }
    }

    /** A bot's runs before an epoch are over. */
    public void fence(String bot, long generation, long epoch) {
        if (stopped) {
            return;
        }
        var fence = new QueueCommand.Fence(bot, generation, epoch, TestQueue.nobody());
        if (state == null) {
            fences.await(fence);
        } else if (!fences.offer(fence, state)) {
            line.add(new Waiting(null, fence, reply -> {}));
            fences.await(fence);
            proceed();
        }
    }

    /** Registers a bot that is subscribed; planted bugs do it otherwise. */
    void offer(QueueCommand.Sleep sleep) {
        sleepers.offer(sleep, state);
    }

    /** Cuts what was decided into what is made durable at once: all of it. Planted bugs do it otherwise. */
    List<List<QueueEvent>> cut(List<QueueEvent> records) {
        return List.of(records);
    }

    private void proceed() {
        while (state != null && !busy && !line.isEmpty()) {
            if (line.get(0).append == null) {
                Waiting change = line.remove(0);
                commit(
                        List.of(change),
                        ChangeDecider.decide(queue, state, change.change, machine.now())
                                .records(),
                        List.of());
            } else {
                int count = 0;
                while (count < line.size() && line.get(count).append != null) {
                    count++;
                }
                List<Waiting> batch = new ArrayList<>(line.subList(0, count));
                line.subList(0, count).clear();
                decide(batch);
            }
        }
    }

    private void decide(List<Waiting> batch) {
        QueueDecision decision = AppendDecider.decide(
                queue, state, batch.stream().map(Waiting::append).toList(), machine.now());
        List<Waiting> decided = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            QueueDecision.Verdict verdict = decision.verdicts().get(i);
            if (verdict instanceof QueueDecision.Verdict.Early) {
                keepEarly(batch.get(i));
            } else {
                decided.add(batch.get(i));
                outcomes.add(
                        verdict instanceof QueueDecision.Verdict.Taken taken
                                ? new Outcome.Taken(taken.result())
                                : new Outcome.Refused(((QueueDecision.Verdict.Refused) verdict).problem()));
            }
        }
        commit(decided, decision.records(), outcomes);
    }

    private void keepEarly(Waiting waiting) {
        early.add(waiting);
        machine.after(Backlog.EARLY_MILLIS, "too early at", this, () -> {
            if (early.remove(waiting)) {
                proven(() -> waiting.reply.accept(refused(ProblemType.SEQUENCE_GAP)));
            }
        });
    }

    /** Does something if the log is still this incarnation's; else that one leaves. */
    private void proven(Runnable then) {
        world.then(
                world.log(machine).holds(claim),
                holds -> {
                    if (holds) {
                        then.run();
                    } else if (!stopped && !claiming) {
                        lost("the log was taken over", true);
                    }
                },
                away -> {});
    }

    private void commit(List<Waiting> decided, List<QueueEvent> records, List<Outcome> outcomes) {
        if (records.isEmpty()) {
            answer(decided, outcomes);
            return;
        }
        busy = true;
        underWay = decided;
        lastUnderWay = records.get(records.size() - 1).last();
        CompletionStage<QueueState> durable = CompletableFuture.completedStage(state);
        for (List<QueueEvent> part : cut(records)) {
            durable = durable.thenCompose(before -> world.log(machine)
                    .append(
                            claim,
                            before.sequence() + 1,
                            part.stream().map(world.records()::encode).toList())
                    .thenApply(tail -> {
                        QueueState after = before;
                        for (QueueEvent record : part) {
                            after = after.apply(record);
                        }
                        return after;
                    }));
        }
        world.then(durable, after -> persisted(decided, outcomes, after), this::failed);
    }

    private void persisted(List<Waiting> decided, List<Outcome> outcomes, QueueState after) {
        if (stopped) {
            return;
        }
        boolean somethingNew = after.last().isAfter(state.last());
        busy = false;
        underWay = List.of();
        lastUnderWay = null;
        state = after;
        answer(decided, outcomes);
        sleepers.committed(after, somethingNew, machine.now());
        fences.committed(after);
        proceed();
    }

    private void answer(List<Waiting> decided, List<Outcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            decided.get(i).reply.accept(outcomes.get(i));
        }
        if (!outcomes.isEmpty() && !early.isEmpty()) {
            line.addAll(0, early);
            early.clear();
        }
    }

    /** What planted bugs need. */
    Sleepers sleepers() {
        return sleepers;
    }

    QueueState state() {
        return state;
    }

    Machine machine() {
        return machine;
    }

    /** What a queue notes reaches its bots a while later, as the sweeper's question; lost with its machine. */
    private final class Reports implements Moves {
        @Override
        public void moved(String from, EventId last, String bot) {
            machine.after(
                    REPORT, "report", bot, () -> world.tellBot(machine, bot, "check", one -> one.check(from, last)));
        }

        @Override
        public void settled(String from, String bot) {
            // A check too many does no harm.
        }
    }

    private final class Signals implements BotSignals {
        @Override
        public void wake(String bot, String from) {
            world.tellBot(machine, bot, "wake", one -> one.wake(from));
        }

        @Override
        public void held(String bot, String from) {
            throw new AssertionError("nobody pauses it");
        }

        @Override
        public void look(String bot, String from, EventId last) {
            throw new AssertionError("nobody pauses it");
        }

        @Override
        public void wrote(String bot, String to) {
            // A matter of the graph.
        }

        @Override
        public void fenced(String bot, String to, long epoch, Map<String, EventId> marks) {
            world.tellBot(machine, bot, "fenced", one -> one.fenced(to, epoch));
        }

        @Override
        public void asleep(String bot, String from) {
            world.tellBot(machine, bot, "asleep", one -> one.asleep(from));
        }
    }

    @Override
    public String toString() {
        return "queue " + name + " on " + machine;
    }
}
