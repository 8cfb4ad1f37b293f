package io.millrace.node.faults.bus;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One child JVM of a fault run, a node or a worker, that can be killed, stopped and started again under the same name. Its
 * standard input is its life line: it ends with this JVM.
 */
public final class NodeProcess {
    private static final long DEATH_SECONDS = 10;

    private final String name;
    private final List<String> command;
    private final Path directory;
    private final @Nullable URI uri;
    private @Nullable Process process;
    private int starts;

    /**
     * One that doesn't run yet.
     *
     * @param command the whole command line
     * @param directory gets what it prints, one file a start
     * @param uri where it serves HTTP, if it does
     */
    public NodeProcess(String name, List<String> command, Path directory, @Nullable URI uri) {
        this.name = name;
        this.command = List.copyOf(command);
        this.directory = directory;
        this.uri = uri;
    }

    /** A command line with this JVM's class path, ended by {@code arguments}. */
    public static List<String> java(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    public String name() {
        return name;
    }

    public URI uri() {
        if (uri == null) {
            throw new IllegalStateException(name + " serves no HTTP");
        }
        return uri;
    }

    /** How often it was started. */
    public synchronized int starts() {
        return starts;
    }

    /** Starts it, unless it runs. */
    public synchronized void start() {
        if (isAlive()) {
            return;
        }
        starts++;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            directory.resolve(name + "-" + starts + ".log").toFile())
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** {@return the process id of the last process; it must have been started} */
    public synchronized long pid() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process.pid();
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** {@return the exit code of the last process; 0 while it runs or before the first} */
    public synchronized int exitCode() {
        return process == null || process.isAlive() ? 0 : process.exitValue();
    }

    /** kill -9; returns once the operating system has buried it. */
    public void kill() {
        Process dying = current();
        if (dying != null) {
            dying.destroyForcibly();
            await(dying, DEATH_SECONDS);
        }
    }

    /** SIGTERM; returns once it has ended, or was killed after {@code seconds}. */
    public boolean terminate(long seconds) {
        Process dying = current();
        if (dying == null) {
            return true;
        }
        // Not Process.destroy(): it closes the life line too, at which the process ends at once.
        dying.toHandle().destroy();
        if (await(dying, seconds)) {
            return true;
        }
        kill();
        return false;
    }

    /** Stops it for so long (SIGSTOP, SIGCONT); returns when it goes on. */
    public void pause(long millis) {
        Process target = current();
        if (target != null && target.isAlive()) {
            Signals.pause(target.pid(), millis);
        }
    }

    /** Gives it a line on its standard input; lost if it has just ended. */
    public synchronized void tell(String line) {
        if (process == null || !process.isAlive()) {
            return;
        }
        try {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException ended) {
            // Whoever told it finds out by what happens, or doesn't.
        }
    }

    private synchronized @Nullable Process current() {
        return process;
    }

    private static boolean await(Process process, long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
