package io.millrace.node.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A running child JVM.
 *
 * <p>The death pact: its standard input is a pipe that only this process holds open and nothing is ever written to.
 * The operating system ends it with this process, also at {@code kill -9}; the child's main class watches for that
 * and exits.
 */
public final class ChildJvm {

    private static final Duration DEATH_LIMIT = Duration.ofSeconds(5);

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @throws IOException when the operating system can't
     */
    public static ChildJvm start(JvmCommand command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.line()).redirectInput(Redirect.PIPE);
        if (command.output() == null) {
            builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        } else {
            builder.redirectErrorStream(true)
                    .redirectOutput(Redirect.to(command.output().toFile()));
        }
        return new ChildJvm(builder.start());
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the exit code once it has ended (128 + n after signal n). */
    public CompletionStage<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Blocks until it has ended and returns the exit code. */
    public int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    /** Asks it to end (SIGTERM, and the end of its input), blocks up to {@code grace}, then kills it. */
    public void stop(Duration grace) {
        process.destroy();
        if (!endsWithin(grace)) {
            kill();
        }
    }

    /** Kills it at once (SIGKILL) and blocks until the operating system has buried it. */
    public void kill() {
        process.destroyForcibly();
        endsWithin(DEATH_LIMIT);
    }

    private boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
