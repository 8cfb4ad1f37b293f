package io.millrace.node.cassandra;

import io.millrace.node.process.ChildJvm;
import io.millrace.node.process.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A Cassandra of one node that runs as a child process of this one and never outlives it (design D9).
 *
 * <p>It owns its data directory from {@link #start} to {@link #stop}, also while the process is dead between
 * {@link #kill} (or a crash) and {@link #restart}. The starting and stopping methods block: call them from
 * {@code main}, from tests, or from a thread of their own.
 */
public final class CassandraProcess implements AutoCloseable {

    /** The name of its datacenter, which drivers must be told. */
    public static final String DATACENTER = "datacenter1";

    /** A killed parent's Cassandra drains within 15 s. */
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(20);

    /** A drain takes 3 to 5 s; what it would have saved is in the commit log anyhow. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PING_LIMIT = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 3;

    /** The child's exit code when a Cassandra that was about to end still held the directory. */
    private static final int EXIT_LOCKED = 75;

    private final DataDirectoryLock lock;
    private final Path libraries;
    private final Object spawning = new Object();
    private volatile ChildCassandraSettings settings;
    private volatile @Nullable ChildJvm child;
    private volatile boolean stopped;

    private CassandraProcess(ChildCassandraSettings settings, Path libraries, DataDirectoryLock lock) {
        this.settings = settings;
        this.libraries = libraries;
        this.lock = lock;
    }

    /**
     * Starts Cassandra and blocks until it answers CQL.
     *
     * @throws DataDirectoryInUseException when another process works in the data directory
     * @throws CassandraStartException when it can't be started, or doesn't answer within the start limit
     */
    public static CassandraProcess start(ChildCassandraSettings settings)
            throws CassandraStartException, InterruptedException {
        Path libraries = settings.libraries() == null
                ? CassandraLibraries.find()
                : CassandraLibraries.checked(settings.libraries());
        DataDirectoryLock lock = DataDirectoryLock.acquire(settings.dataDirectory(), ORPHAN_LIMIT);
        CassandraProcess process = new CassandraProcess(settings, libraries, lock);
        try {
            process.startOnFreePorts(settings);
            return process;
        } catch (CassandraStartException | InterruptedException | RuntimeException failed) {
            process.stop();
            throw failed;
        }
    }

    /** Where CQL is spoken; stays the same over restarts. */
    public InetSocketAddress contactPoint() {
        return new InetSocketAddress(settings.address(), settings.cqlPort());
    }

    /** The operating system's id of the current process. */
    public long pid() {
        return current().pid();
    }

    /** Completes with the exit code once the current process has ended, for whatever reason. */
    public CompletionStage<Integer> onExit() {
        return current().onExit();
    }

    /** Kills the process at once (SIGKILL), as a crash would. */
    public void kill() {
        current().kill();
    }

    /**
     * Starts a new process on the same data and ports after the last one has ended; blocks until it answers CQL.
     *
     * @throws CassandraStartException when it can't be started, or after {@link #stop}
     * @throws IllegalStateException when the last one still runs
     */
    public void restart() throws CassandraStartException, InterruptedException {
        if (current().isAlive()) {
            throw new IllegalStateException("Cassandra still runs as process " + pid());
        }
        spawn();
        awaitReady();
    }

    /** Ends the process, after a drain of at most 10 s, and gives the data directory back. Repeatable. */
    public void stop() {
        ChildJvm running;
        synchronized (spawning) {
            stopped = true;
            running = child;
        }
        if (running != null) {
            running.stop(STOP_LIMIT);
        }
        lock.close();
    }

    @Override
    public void close() {
        stop();
    }

    Path log() {
        return settings.log();
    }

    int awaitExit() throws InterruptedException {
        return current().awaitExit();
    }

    private ChildJvm current() {
        ChildJvm running = child;
        if (running == null) {
            throw new IllegalStateException("Cassandra was never started");
        }
        return running;
    }

    private void startOnFreePorts(ChildCassandraSettings wanted) throws CassandraStartException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            settings = withFreePorts(wanted);
            spawn();
            try {
                awaitReady();
                return;
            } catch (CassandraStartException failed) {
                if (attempt == ATTEMPTS || !isWorthAnotherTry(wanted)) {
                    throw failed;
                }
            }
        }
    }

    private static ChildCassandraSettings withFreePorts(ChildCassandraSettings wanted) throws CassandraStartException {
        try {
            return wanted.withPorts(
                    wanted.cqlPort() == 0 ? FreePort.find(wanted.address()) : wanted.cqlPort(),
                    wanted.storagePort() == 0 ? FreePort.find(wanted.address()) : wanted.storagePort());
        } catch (IOException none) {
            throw new CassandraStartException("can't start Cassandra: " + none.getMessage(), none);
        }
    }

    /** Two things can come between the look and the start: a port is taken, or an orphan takes its lock late. */
    private boolean isWorthAnotherTry(ChildCassandraSettings wanted) throws InterruptedException {
        if (current().isAlive()) {
            return false;
        }
        boolean lostPort = (wanted.cqlPort() == 0 && !FreePort.isFree(wanted.address(), settings.cqlPort()))
                || (wanted.storagePort() == 0 && !FreePort.isFree(wanted.address(), settings.storagePort()));
        return lostPort || current().awaitExit() == EXIT_LOCKED;
    }

    private void spawn() throws CassandraStartException {
        requireFree(settings.cqlPort());
        requireFree(settings.storagePort());
        try {
            CassandraFiles.prepare(settings);
            synchronized (spawning) {
                if (stopped) {
                    throw new CassandraStartException("Cassandra was stopped while it started");
                }
                child = ChildJvm.start(CassandraCommand.of(settings, libraries));
            }
        } catch (IOException failed) {
            throw new CassandraStartException("can't start Cassandra: " + failed, failed);
        }
    }

    private void requireFree(int port) throws CassandraStartException {
        if (!FreePort.isFree(settings.address(), port)) {
            throw new CassandraStartException(
                    "can't start Cassandra: port " + port + " on " + settings.address() + " is taken");
        }
    }

    private void awaitReady() throws CassandraStartException, InterruptedException {
        long start = System.nanoTime();
        while (!isServing()) {
            if (!current().isAlive()) {
                throw new CassandraStartException("Cassandra ended with exit code " + awaitExit()
                        + " before it was ready; see " + settings.log() + " and " + settings.console());
            }
            if (System.nanoTime() - start > settings.startLimit().toNanos()) {
                kill();
                throw new CassandraStartException("Cassandra wasn't ready within "
                        + settings.startLimit().toSeconds() + " s; see " + settings.log());
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    /** Its own word, and an answer on the port: the answer alone could come from another process on a stolen port. */
    private boolean isServing() {
        try {
            return Files.readString(settings.console()).contains("serving CQL")
                    && CqlPing.answers(contactPoint(), PING_LIMIT);
        } catch (IOException notYet) {
            return false;
        }
    }
}
