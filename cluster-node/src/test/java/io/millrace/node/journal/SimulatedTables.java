package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.DriverException;
import io.millrace.node.simulation.Chance;
import io.millrace.node.simulation.Faults;
import io.millrace.node.simulation.Machine;
import io.millrace.node.simulation.Scheduler;
import io.millrace.node.simulation.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The tables as an honest but unreliable store: each statement is carried out as a whole at one moment, which may come after
 * its caller has given up, or never; answers get lost. Watches what the protocol promises of them.
 */
public final class SimulatedTables {
    private static final int TIMEOUT = 60;

    /** Told of every record that has become part of a log, in order. */
    public interface Watcher {
        void committed(String log, long seq, EncodedEvent event);
    }

    private static final class Log {
        private LogTail tail;
        private LogTail before;
        private final TreeMap<Long, TreeMap<Long, EncodedEvent>> rows = new TreeMap<>();
        private final List<EncodedEvent> committed = new ArrayList<>();
    }

    private final Map<String, Log> logs = new HashMap<>();
    private final Scheduler scheduler;
    private final Chance chance;
    private final Faults faults;
    private final Watcher watcher;

    public SimulatedTables(Scheduler scheduler, Chance chance, Faults faults, Watcher watcher) {
        this.scheduler = scheduler;
        this.chance = chance;
        this.faults = faults;
        this.watcher = watcher;
    }

    /** The real code over these tables, as one machine sees them. */
    public FencedLog log(Machine machine, Planted planted) {
        return new FencedLog(planted.in(new Client(machine)), JournalLimits.defaults(), JournalMetrics.NONE);
    }

    /** The real readers over these tables, as one machine sees them. */
    public LogReader reader(Machine machine, Planted planted) {
        return new LogReader(planted.in(new Client(machine)), JournalMetrics.NONE);
    }

    /** Holds a record that somebody has read against what was committed there. */
    public void checkRead(String log, LogRecord record) {
        List<EncodedEvent> committed = log(log).committed;
        if (record.seq() > committed.size()) {
            throw new Violation(log + ": record " + record.seq() + " was read before it was committed");
        }
        if (!committed.get((int) record.seq() - 1).head().equals(record.head())) {
            throw new Violation(log + ": record " + record.seq() + " was read as what epoch " + record.epoch()
                    + " wrote there, which isn't what was committed");
        }
    }

    private Log log(String name) {
        return logs.computeIfAbsent(name, any -> new Log());
    }

    /** The statements, as the machine sends them. */
    private final class Client implements LogTables {
        private final Machine machine;

        Client(Machine machine) {
            this.machine = machine;
        }

        private static <T> void apply(Supplier<T> carryOut) {
            T unheard = carryOut.get();
            assert unheard != null;
        }

        private <T> CompletionStage<T> send(String what, Object about, boolean repeatable, Supplier<T> carryOut) {
            var answer = new CompletableFuture<T>();
            int there = chance.perMille(faults.late()) ? chance.between(1, 150) : chance.between(1, 3);
            if (repeatable && chance.perMille(faults.storage())) {
                scheduler.after(there + chance.between(1, 200), "store repeats", about, () -> apply(carryOut));
            }
            boolean fails = chance.perMille(faults.storage());
            if (fails) {
                int fate = chance.between(0, 3);
                if (fate > 0) {
                    scheduler.after(
                            fate == 1 ? there : TIMEOUT + chance.between(1, 300), what, about, () -> apply(carryOut));
                }
                machine.after(
                        TIMEOUT, "timed out: " + what, about, () -> answer.completeExceptionally(new TimedOut(what)));
            } else {
                scheduler.after(there, what, about, () -> {
                    T result = carryOut.get();
                    machine.after(chance.between(0, 2), "answer", machine, () -> answer.complete(result));
                });
            }
            return answer;
        }

        @Override
        public CompletionStage<?> insertRow(String log, long seq, long epoch, EncodedEvent event) {
            return send("store row", log, true, () -> {
                TreeMap<Long, EncodedEvent> place =
                        log(log).rows.computeIfAbsent(seq, any -> new TreeMap<>(Comparator.reverseOrder()));
                EncodedEvent other = place.put(epoch, event);
                if (other != null && !other.equals(event)) {
                    throw new Violation(log + ": place " + seq + " got two contents under epoch " + epoch);
                }
                scheduler.note("  row of epoch " + epoch + " at", seq);
                return true;
            });
        }

        @Override
        public CompletionStage<Optional<Standing>> commitTail(String log, long epoch, long tail, long newTail) {
            return send("store commit", log, false, () -> {
                Log table = log(log);
                LogTail now = table.tail;
                if (now.epoch() != epoch || now.tail() != tail) {
                    return Optional.of(new Standing(now.epoch(), now.tail()));
                }
                move(table, new LogTail(log, epoch, newTail, now.floor(), now.bucket()));
                commit(log, table, epoch, tail + 1, newTail);
                return Optional.empty();
            });
        }

        private void commit(String log, Log table, long epoch, long from, long to) {
            for (long seq = from; seq <= to; seq++) {
                var place = table.rows.get(seq);
                EncodedEvent event = place == null ? null : place.get(epoch);
                if (event == null) {
                    throw new Violation(log + ": place " + seq + " was committed without its row");
                }
                if (table.committed.size() != seq - 1) {
                    throw new Violation(log + ": place " + seq + " was committed twice or too early");
                }
                table.committed.add(event);
                watcher.committed(log, seq, event);
            }
        }

        private void move(Log table, LogTail to) {
            table.before = table.tail;
            table.tail = to;
            scheduler.note("  tail is now", to);
        }

        @Override
        public CompletionStage<Optional<LogTail>> insertTail(String log) {
            return send("store first claim", log, false, () -> {
                Log table = log(log);
                if (table.tail != null) {
                    return Optional.of(table.tail);
                }
                move(table, new LogTail(log, 1, 0, 0, 0));
                return Optional.empty();
            });
        }

        @Override
        public CompletionStage<Optional<LogTail>> claimTail(LogTail seen) {
            return send("store claim", seen.log(), false, () -> {
                Log table = log(seen.log());
                if (!seen.equals(table.tail)) {
                    return Optional.of(table.tail);
                }
                move(table, new LogTail(seen.log(), seen.epoch() + 1, seen.tail(), seen.floor(), seen.bucket()));
                return Optional.empty();
            });
        }

        @Override
        public CompletionStage<Optional<LogTail>> selectTail(String log) {
            return send("read tail", log, false, () -> Optional.ofNullable(log(log).tail));
        }

        @Override
        public CompletionStage<Optional<LogTail>> selectTailHint(String log) {
            // Older than it could be in earnest: nothing may depend on it.
            return send(
                    "read hint",
                    log,
                    false,
                    () -> Optional.ofNullable(chance.perMille(faults.late()) ? log(log).before : log(log).tail));
        }

        @Override
        public CompletionStage<List<LogRecord>> selectHeads(String log, long bucket, long from, long to, int rows) {
            return select(
                    log,
                    from,
                    to,
                    rows,
                    row -> new LogRecord(row.seq, row.epoch, row.event.manifest(), row.event.head(), Rows.NO_BODY));
        }

        @Override
        public CompletionStage<List<LogRecord>> selectRows(String log, long bucket, long from, long to, int rows) {
            return select(
                    log,
                    from,
                    to,
                    rows,
                    row -> new LogRecord(row.seq, row.epoch, row.event.manifest(), row.event.head(), row.event.body()));
        }

        @Override
        public CompletionStage<List<Size>> selectSizes(String log, long bucket, long from, long to, int rows) {
            return select(log, from, to, rows, row -> new Size(row.seq, row.event.bytes()));
        }

        private record Stored(long seq, long epoch, EncodedEvent event) {}

        private <T> CompletionStage<List<T>> select(
                String log, long from, long to, int rows, Function<Stored, T> read) {
            return send("read rows", log, false, () -> {
                var found = new ArrayList<T>();
                log(log).rows
                        .subMap(from, true, to, true)
                        .forEach((seq, place) -> place.forEach((epoch, event) -> {
                            if (found.size() < rows) {
                                found.add(read.apply(new Stored(seq, epoch, event)));
                            }
                        }));
                return found;
            });
        }

        @Override
        public CompletionStage<Optional<Long>> raiseFloor(String log, long epoch, long floor) {
            throw new UnsupportedOperationException("nothing is purged here");
        }

        @Override
        public CompletionStage<Optional<Long>> raiseBucket(String log, long epoch, long bucket) {
            throw new UnsupportedOperationException("nothing is purged here");
        }

        @Override
        public CompletionStage<?> deleteBucket(String log, long bucket) {
            throw new UnsupportedOperationException("nothing is purged here");
        }
    }

    private static final class TimedOut extends DriverException {
        private static final long serialVersionUID = 1L;

        TimedOut(String what) {
            super(what + " was not answered", null, null, false);
        }

        @Override
        public DriverException copy() {
            return this;
        }
    }
}
