package io.millrace.node;

import io.millrace.node.process.ChildJvm;
import io.millrace.node.process.JvmCommand;
import io.millrace.node.process.RestartBudget;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One node of {@code millrace dev --nodes n}: a process that is started again when it ends by itself, within a budget. */
final class DevNode implements AutoCloseable {

    static final Duration START_LIMIT = Duration.ofMinutes(1);

    /** An orderly stop takes 2 to 4 s on a busy machine, and up to this where handlers are stuck. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(12);

    private final String name;
    private final URI api;
    private final JvmCommand command;
    private final Consumer<String> say;
    private final RestartBudget budget = new RestartBudget();
    private final CompletableFuture<String> gaveUp = new CompletableFuture<>();
    private final Thread supervisor;
    private ChildJvm process;
    private boolean closed;

    private DevNode(String name, URI api, JvmCommand command, Consumer<String> say) throws IOException {
        this.name = name;
        this.api = api;
        this.command = command;
        this.say = say;
        this.process = ChildJvm.start(command);
        this.supervisor = new Thread(this::supervise, "supervisor of " + name);
        supervisor.setDaemon(true);
    }

    /** Starts the process and doesn't wait. */
    static DevNode start(String name, URI api, JvmCommand command, Consumer<String> say) throws IOException {
        DevNode node = new DevNode(name, api, command, say);
        node.supervisor.start();
        return node;
    }

    URI api() {
        return api;
    }

    /** Blocks until it is ready to serve. */
    boolean awaitReady() throws InterruptedException {
        return DevReadiness.await(api, START_LIMIT, () -> !gaveUp.isDone());
    }

    /** Completes with the reason, one line, when it has ended too often; it stays down then. */
    CompletionStage<String> gaveUp() {
        return gaveUp;
    }

    /** Asks it to leave the cluster and to end; kills it when it doesn't. */
    @Override
    public void close() {
        ChildJvm last;
        synchronized (this) {
            closed = true;
            last = process;
        }
        supervisor.interrupt();
        last.stop(STOP_LIMIT);
    }

    private void supervise() {
        try {
            while (true) {
                int code = current().awaitExit();
                OptionalLong backoff = budget.take(System.nanoTime());
                if (isClosed()) {
                    return;
                } else if (backoff.isEmpty()) {
                    gaveUp.complete(name + " ended again (exit code " + code + ") after " + RestartBudget.PER_MINUTE
                            + " restarts within a minute; see " + command.output());
                    return;
                }
                tell("%s ended by itself (exit code %d); starting it again in %.1f s", code, backoff.getAsLong());
                Thread.sleep(backoff.getAsLong());
                if (!restart()) {
                    return;
                }
            }
        } catch (InterruptedException end) {
            // Who closes this stops the process too.
        } catch (IOException failed) {
            gaveUp.complete("can't start " + name + ": " + failed.getMessage());
        }
    }

    private void tell(String format, int code, long backoffMillis) {
        say.accept(String.format(Locale.ROOT, format, name, code, backoffMillis / 1e3));
    }

    private boolean restart() throws IOException, InterruptedException {
        long start = System.nanoTime();
        synchronized (this) {
            if (closed) {
                return false;
            }
            process = ChildJvm.start(command);
        }
        if (DevReadiness.await(api, START_LIMIT, current()::isAlive)) {
            say.accept(String.format(
                    Locale.ROOT,
                    "%s is ready again after %.1f s (process %d)",
                    name,
                    (System.nanoTime() - start) / 1e9,
                    current().pid()));
        }
        return true;
    }

    private synchronized ChildJvm current() {
        return process;
    }

    private synchronized boolean isClosed() {
        return closed;
    }
}
