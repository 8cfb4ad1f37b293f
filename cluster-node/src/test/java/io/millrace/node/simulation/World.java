package io.millrace.node.simulation;

import com.datastax.oss.driver.api.core.DriverException;
import io.millrace.node.application.StorageAwayException;
import io.millrace.node.bot.BotEventCodec;
import io.millrace.node.bot.BotOracle;
import io.millrace.node.bot.SimulatedBot;
import io.millrace.node.journal.CorruptLogException;
import io.millrace.node.journal.FencedLog;
import io.millrace.node.journal.JournalException;
import io.millrace.node.journal.LogReader;
import io.millrace.node.journal.SimulatedTables;
import io.millrace.node.queue.QueueEventCodec;
import io.millrace.node.queue.QueueOracle;
import io.millrace.node.queue.QueueOracle.Stored;
import io.millrace.node.queue.Records;
import io.millrace.node.queue.SimulatedQueue;
import io.millrace.node.run.RunHandle;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One schedule: nodes, clients and workers around one store; a source queue, a bot that it triggers, and the queue that the
 * bot writes to.
 */
public final class World {
    static final String SOURCE = "a";
    static final String TARGET = "b";
    static final String BOT = "x";
    private static final String DEAD = "99";
    private static final int PATIENCE = 90_000;
    private static final int SWEEP = 1_500;

    private final Bugs bugs;
    private final Profile profile;
    private final Chance chance;
    private final Scheduler scheduler;
    private final Faults faults;
    private final SimulatedTables tables;
    private final Records records;
    private final Region region;
    private final List<Machine> nodes = new ArrayList<>();
    private final List<Machine> workers = new ArrayList<>();
    private final Set<Machine> working = new HashSet<>();
    private final Set<Machine> admitted = new HashSet<>();
    private final List<Producer> producers = new ArrayList<>();
    private final Map<Machine, FencedLog> logs = new HashMap<>();
    private final Map<Machine, LogReader> readers = new HashMap<>();
    private final BotOracle bot = new BotOracle(BOT, this::processed);
    private final QueueOracle source = new QueueOracle(SOURCE, one -> bot.epoch());
    private final QueueOracle target = new QueueOracle(TARGET, one -> bot.epoch());
    private final Set<String> emitted = new HashSet<>();
    private final Map<EventId, Set<Long>> tries = new HashMap<>();
    private EventId acknowledged = EventId.MIN;
    private Throwable failure;
    private int payloads;
    private boolean healed;
    private boolean reading;
    private boolean finished;

    World(long seed, Bugs bugs, boolean tracing) {
        this.bugs = bugs;
        this.chance = new Chance(seed);
        this.scheduler = new Scheduler(tracing);
        this.profile = Profile.of(chance);
        this.faults = profile.faults();
        this.records = new Records(chance.perMille(10), List.of(new QueueEventCodec(), new BotEventCodec()));
        this.tables = new SimulatedTables(scheduler, chance, faults, (log, seq, event) -> {
            Object record = records.decode(event.manifest(), event.head());
            if (log.equals(SimulatedQueue.log(SOURCE))) {
                source.committed(record, records.blocks(event.manifest(), event.body()));
            } else if (log.equals(SimulatedQueue.log(TARGET))) {
                var blocks = records.blocks(event.manifest(), event.body());
                target.committed(record, blocks);
                QueueOracle.events(blocks).forEach(stored -> {
                    if (!emitted.add(stored.payload())) {
                        throw new Violation(TARGET + ": duplicate: " + stored + " is there already");
                    }
                    checkLetter(stored.payload());
                });
            } else {
                bot.committed(record);
            }
        });
        for (int i = 0; i < 3; i++) {
            nodes.add(new Machine(scheduler, "node" + i, chance.between(-40, 40)));
        }
        region = new Region(this, nodes);
    }

    /** Goes through the schedule. {@return steps taken} */
    int run() {
        try {
            scheduler.note("profile", profile);
            begin();
            while (!finished) {
                if (!scheduler.step(PATIENCE)) {
                    throw new Violation("stuck: " + where());
                }
                if (failure != null) {
                    if (failure instanceof Violation violation) {
                        throw violation;
                    }
                    throw new AssertionError(failure);
                }
            }
        } catch (Violation violation) {
            scheduler.note("VIOLATION", violation.getMessage());
            throw violation;
        }
        return scheduler.taken();
    }

    private String where() {
        return "source " + source.stored() + ", target " + target.stored() + ", checkpoint " + bot.position(SOURCE)
                + ", producers done: "
                + producers.stream().filter(Producer::isDone).count() + " of " + producers.size();
    }

    String trace() {
        return scheduler.trace();
    }

    private void begin() {
        for (int i = 0; i < profile.producers(); i++) {
            Producer producer = new Producer(
                    this,
                    new Machine(scheduler, "client" + i, 0),
                    "p" + i,
                    !chance.perMille(200),
                    chance.between(1, 3));
            producers.add(producer);
            // Late enough, at times, that the bot sleeps by then: an unrecovered queue lets its first requests pass.
            producer.begin(chance.perMille(700) ? chance.between(0, 120) : chance.between(1_000, 2_600));
        }
        if (profile.bots()) {
            register(new Machine(scheduler, "admin", 0));
            for (int i = 0; profile.workers() && i < 2; i++) {
                Machine worker = new Machine(scheduler, "worker" + i, chance.between(-20, 20));
                workers.add(worker);
                askForRun(worker);
            }
        }
        new Nemesis(this, region, nodes, workers, profile).begin();
        if (profile.sweeper()) {
            sweep();
        }
    }

    private void register(Machine admin) {
        boolean[] done = {false};
        var config = SimulatedBot.config(profile.workers(), SOURCE, Duration.ofMillis(chance.between(1_500, 3_000)));
        tellBot(
                admin,
                BOT,
                "register",
                one -> one.register(
                        config, () -> back(admin, any -> done[0] = true).accept(null)));
        admin.after(200, "registered?", BOT, () -> {
            if (!done[0]) {
                register(admin);
            }
        });
    }

    private void askForRun(Machine worker) {
        if (finished) {
            return;
        }
        if (!working.contains(worker)) {
            tellBot(
                    worker,
                    BOT,
                    "worker asks",
                    one -> one.ask(back(worker, grant -> {
                        if (working.add(worker)) {
                            bugs.run(this, worker, grant).begin(true);
                        }
                    })));
        }
        worker.after(200, "worker looks", worker, () -> askForRun(worker));
    }

    private void sweep() {
        scheduler.after(SWEEP, "sweep", "", () -> {
            EventId last = source.last();
            if (!source.stored().isEmpty() && profile.bots()) {
                tellBot(nodes.get(chance.between(0, 2)), BOT, "check", one -> one.check(SOURCE, last));
            }
            sweep();
        });
    }

    /** A run on this machine is over. */
    void runOver(Machine machine) {
        working.remove(machine);
    }

    /** Looks whether all is done that has to be. */
    void progress() {
        if (isDrained() && !reading) {
            reading = true;
            readBack(SOURCE, source, () -> {
                if (profile.bots()) {
                    readBack(TARGET, target, this::finish);
                } else {
                    finish();
                }
            });
        }
    }

    /** Whether there is nothing left to do, as far as can be seen now: what was given up may still be carried out. */
    private boolean isDrained() {
        return healed
                && producers.stream().allMatch(Producer::isDone)
                && (!profile.bots()
                        || (emitted.size() == expected().size()
                                && (source.stored().isEmpty()
                                        || !bot.position(SOURCE).isBefore(source.last()))));
    }

    boolean isHealed() {
        return healed;
    }

    /** Nothing goes wrong from now on. */
    void heal() {
        faults.heal();
        healed = true;
        progress();
    }

    private void readBack(String queue, QueueOracle oracle, Runnable then) {
        String log = SimulatedQueue.log(queue);
        Machine reader = new Machine(scheduler, "reader", 0);
        LogReader reads = tables.reader(reader, bugs.log());
        int least = oracle.stored().size();
        then(
                reads.tail(log)
                        .thenCompose(tail -> reads.read(
                                log, 1, tail.map(found -> found.tail()).orElse(0L), 1 << 20)),
                rows -> {
                    List<Stored> read = new ArrayList<>();
                    rows.forEach(row -> read.addAll(QueueOracle.events(records.blocks(row.manifest(), row.body()))));
                    if (read.size() < least
                            || read.size() > oracle.stored().size()
                            || !read.equals(oracle.stored().subList(0, read.size()))) {
                        throw new Violation(queue + ": read " + read + ", committed " + oracle.stored());
                    }
                    if (oracle.stored().size() > least) {
                        readBack(queue, oracle, then); // something was carried out meanwhile
                        return;
                    }
                    if (queue.equals(SOURCE)) {
                        producers.forEach(producer -> producer.checkAll(read));
                    }
                    then.run();
                },
                late -> readBack(queue, oracle, then));
    }

    private void finish() {
        reading = false;
        if (!isDrained()) {
            return;
        }
        List<String> output = target.stored().stream().map(Stored::payload).toList();
        if (profile.bots() && !output.equals(expected())) {
            throw new Violation(
                    "output isn't each source event's once and in order: " + output + " of " + source.stored());
        }
        finished = true;
    }

    private List<String> expected() {
        return source.stored().stream()
                .flatMap(event -> output(event.payload()).stream())
                .toList();
    }

    /** Whether the bot can't handle an event. */
    static boolean isPoison(String payload) {
        return payload.endsWith("2");
    }

    /** What the bot makes of an event; of poison it is the dead letter, which here goes the same way. */
    static List<String> output(String payload) {
        if (isPoison(payload)) {
            return List.of(payload + DEAD);
        }
        return payload.endsWith("3") ? List.of(payload + "00", payload + "01") : List.of(payload + "00");
    }

    /** A dead letter is one because the bot's log says so. */
    private void checkLetter(String payload) {
        for (Stored event : source.stored()) {
            if (payload.equals(event.payload() + DEAD) && isPoison(event.payload()) && !bot.isDead(event.eid())) {
                throw new Violation(
                        TARGET + ": dead too early: no record says that " + event + " is to be a dead letter");
            }
        }
    }

    /** A run tries an event that has failed before, with the bot's leave. */
    void tried(EventId eid, long epoch) {
        Set<Long> epochs = tries.computeIfAbsent(eid, one -> new HashSet<>());
        epochs.add(epoch);
        if (epochs.size() > SimulatedBot.ATTEMPTS) {
            throw new Violation("tried too often: " + eid + " in the epochs " + epochs);
        }
    }

    private void processed(String queue, Position position) {
        for (Stored event : source.stored()) {
            if (!position.isBefore(event.eid()) && !emitted.containsAll(output(event.payload()))) {
                throw new Violation("checkpoint ahead: " + position + " of " + queue + ", yet the output of " + event
                        + " isn't durable");
            }
        }
        scheduler.after(0, "look", "", this::progress);
    }

    String payload() {
        return Integer.toString(++payloads);
    }

    /** Whether a process knows that the bot may write to its target; it does for good once it has been told. */
    Set<Machine> admitted() {
        return admitted;
    }

    QueueOracle source() {
        return source;
    }

    EventId acknowledged() {
        return acknowledged;
    }

    void acknowledge(EventId last) {
        acknowledged = last.isAfter(acknowledged) ? last : acknowledged;
    }

    Bugs bugs() {
        return bugs;
    }

    public Chance chance() {
        return chance;
    }

    Faults faults() {
        return faults;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    public SimulatedTables tables() {
        return tables;
    }

    public Records records() {
        return records;
    }

    /** The real log as a process has it; a new life of the process has a new one. */
    public FencedLog log(Machine machine) {
        return logs.computeIfAbsent(machine, one -> tables.log(one, bugs.log()));
    }

    LogReader reader(Machine machine) {
        return readers.computeIfAbsent(machine, one -> tables.reader(one, bugs.log()));
    }

    void crash(Machine machine) {
        machine.crash();
        logs.remove(machine);
        readers.remove(machine);
        working.remove(machine);
        admitted.remove(machine);
        region.crashed(machine);
    }

    /** A run of a handler on a node. */
    public RunHandle launch(Machine machine, SimulatedBot.Grant grant) {
        return bugs.run(this, machine, grant).begin(false);
    }

    /** An incarnation has ended. */
    public void gone(Machine machine, Object incarnation) {
        region.gone(machine, incarnation);
    }

    /** Whether a machine takes itself for the home of an entity. */
    public boolean isHome(Machine machine, String entity) {
        return region.home(machine, entity) == machine;
    }

    public void note(Supplier<String> what) {
        if (scheduler.isTracing()) {
            scheduler.note("  " + what.get(), "");
        }
    }

    public void tellQueue(Machine from, String queue, String what, Consumer<SimulatedQueue> message) {
        region.tell(from, "queue " + queue, what, incarnation -> message.accept((SimulatedQueue) incarnation));
    }

    public void tellBot(Machine from, String id, String what, Consumer<SimulatedBot> message) {
        region.tell(from, "bot " + id, what, incarnation -> message.accept((SimulatedBot) incarnation));
    }

    /** An answer that goes its way back to who asked, and may get lost on it. */
    <T> Consumer<T> back(Machine asker, Consumer<T> heard) {
        return answer -> {
            if (!chance.perMille(faults.loss())) {
                asker.after(delay(), "answer to", asker, () -> heard.accept(answer));
            }
        };
    }

    int delay() {
        return chance.perMille(faults.late()) ? chance.between(1, 250) : chance.between(0, 3);
    }

    /** What to do when a stage is done; what must not happen in it ends the schedule. */
    public <T> void then(CompletionStage<T> stage, Consumer<T> done, Consumer<Throwable> failed) {
        stage.whenComplete((value, thrown) -> {
            try {
                Throwable cause = thrown instanceof CompletionException boxed ? boxed.getCause() : thrown;
                if (cause == null) {
                    done.accept(value);
                } else if (cause instanceof CorruptLogException) {
                    throw new Violation(cause.getMessage());
                } else if (cause instanceof JournalException
                        || cause instanceof StorageAwayException
                        || cause instanceof DriverException) {
                    failed.accept(cause);
                } else {
                    failure = failure == null ? cause : failure;
                }
            } catch (RuntimeException | Error wrong) {
                failure = failure == null ? wrong : failure;
            }
        });
    }
}
