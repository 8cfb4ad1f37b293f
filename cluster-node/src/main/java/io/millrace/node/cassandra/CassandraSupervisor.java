package io.millrace.node.cassandra;

import io.millrace.node.process.RestartBudget;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Starts a child Cassandra again when it ends by itself, on the same ports and data, within {@link RestartBudget}, and
 * says so in one line each time.
 */
public final class CassandraSupervisor implements AutoCloseable {

    private final CassandraProcess process;
    private final Consumer<String> log;
    private final RestartBudget budget = new RestartBudget();
    private final CompletableFuture<String> gaveUp = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "cassandra-supervisor");

    private CassandraSupervisor(CassandraProcess process, Consumer<String> log) {
        this.process = process;
        this.log = log;
    }

    /** Supervises {@code process} from now on and stops it at {@link #close}; {@code log} takes one line at a time. */
    public static CassandraSupervisor supervise(CassandraProcess process, Consumer<String> log) {
        CassandraSupervisor supervisor = new CassandraSupervisor(process, log);
        supervisor.thread.setDaemon(true);
        supervisor.thread.start();
        return supervisor;
    }

    /** Completes with the reason, one line, when it has given up; Cassandra stays down then. */
    public CompletionStage<String> gaveUp() {
        return gaveUp;
    }

    /** Ends the supervision, then Cassandra; blocks as {@link CassandraProcess#stop} does. */
    @Override
    public void close() {
        thread.interrupt();
        process.stop();
    }

    private void run() {
        try {
            while (true) {
                int code = process.awaitExit();
                OptionalLong backoff = budget.take(System.nanoTime());
                if (backoff.isEmpty()) {
                    gaveUp.complete("Cassandra ended again (exit code " + code + ") after " + RestartBudget.PER_MINUTE
                            + " restarts within a minute; see " + process.log());
                    return;
                }
                say("Cassandra ended by itself (exit code %d); starting it again in %.1f s", code, seconds(backoff));
                Thread.sleep(backoff.getAsLong());
                restart();
            }
        } catch (InterruptedException closed) {
            // Who closes this stops Cassandra too.
        }
    }

    private void restart() throws InterruptedException {
        long start = System.nanoTime();
        try {
            process.restart();
            say("Cassandra answers again after %.1f s (process %d)", (System.nanoTime() - start) / 1e9, process.pid());
        } catch (CassandraStartException failed) {
            // The loop finds it ended and takes the next restart out of the budget.
            log.accept(failed.line());
        }
    }

    private void say(String format, Object... values) {
        log.accept(String.format(Locale.ROOT, format, values));
    }

    private static double seconds(OptionalLong millis) {
        return millis.getAsLong() / 1e3;
    }
}
