package io.millrace.node.cassandra;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Starts a child Cassandra again when it ends by itself, on the same ports and data, and says so in one line each.
 *
 * <p>Limits: it waits 0.5 s before the first restart within a minute and twice as long before each further one, up to
 * 8 s; after {@value #RESTARTS_A_MINUTE} restarts within a minute it gives up.
 */
public final class CassandraSupervisor implements AutoCloseable {

    static final int RESTARTS_A_MINUTE = 5;

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long FIRST_BACKOFF_MILLIS = 500;
    private static final long LONGEST_BACKOFF_MILLIS = 8_000;

    private final CassandraProcess process;
    private final Consumer<String> log;
    private final CompletableFuture<String> gaveUp = new CompletableFuture<>();
    private final Deque<Long> restarts = new ArrayDeque<>();
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

    /** Completes with the reason when it has given up; Cassandra is down then, for good. */
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
                long backoff = backoffMillis();
                if (backoff < 0) {
                    giveUp("Cassandra ended " + (RESTARTS_A_MINUTE + 1) + " times within a minute (exit code " + code
                            + "); not starting it again");
                    return;
                }
                log.accept(String.format(
                        Locale.ROOT,
                        "Cassandra ended by itself (exit code %d); starting it again in %.1f s",
                        code,
                        backoff / 1e3));
                Thread.sleep(backoff);
                restart();
            }
        } catch (InterruptedException closed) {
            // Closing interrupts; the one who closes stops Cassandra.
        }
    }

    private void restart() throws InterruptedException {
        long start = System.nanoTime();
        try {
            process.restart();
            log.accept(String.format(
                    Locale.ROOT,
                    "Cassandra answers again after %.1f s (process %d)",
                    (System.nanoTime() - start) / 1e9,
                    process.pid()));
        } catch (CassandraStartException failed) {
            // The loop sees the dead process and counts this as one more restart.
            log.accept(failed.getMessage());
        }
    }

    /** How long to wait before the next restart; negative when there must be none. */
    private long backoffMillis() {
        long now = System.nanoTime();
        while (!restarts.isEmpty() && now - restarts.peekFirst() > MINUTE_NANOS) {
            restarts.removeFirst();
        }
        if (restarts.size() == RESTARTS_A_MINUTE) {
            return -1;
        }
        restarts.addLast(now);
        return Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << (restarts.size() - 1));
    }

    private void giveUp(String reason) {
        log.accept(reason);
        gaveUp.complete(reason);
    }
}
