package io.millrace.node.faults.work;

import io.millrace.node.faults.history.History;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A worker in a process of its own, so that it can be killed and stopped. Arguments: its name, its bot, the nodes with
 * commas between them, the directory of histories, and how many runs it does at once; its {@link Recipe} comes with each run. The line {@code hang MS} on standard input lets it forget its heartbeats for so long in the middle of its work, and then go on as if nothing
 * had happened; the end of standard input is its own.
 */
public final class WorkerProcess {
    private WorkerProcess() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        List<URI> nodes =
                Arrays.stream(arguments[2].split(",")).map(URI::create).toList();
        History history = History.open(Path.of(arguments[3]), name);
        Hang hang = new Hang();
        Thread commands = new Thread(() -> obey(hang), "commands");
        commands.setDaemon(true);
        commands.start();
        int threads = Integer.parseInt(arguments[4]);
        for (int i = 1; i < threads; i++) {
            String other = name + "." + i;
            new Thread(() -> work(new WorkerRun.Worker(other, arguments[1], nodes, history), new Hang()), other)
                    .start();
        }
        work(new WorkerRun.Worker(name, arguments[1], nodes, history), hang);
    }

    private static void work(WorkerRun.Worker worker, Hang hang) {
        Http http = new Http(worker.nodes(), worker.name().hashCode());
        try {
            while (true) {
                WorkerRun.ask(worker, http, hang);
            }
        } catch (InterruptedException ended) {
            // Nobody does that; the process is killed.
        }
    }

    private static void obey(Hang hang) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                hang.next(Long.parseLong(line.substring("hang ".length())));
            }
        } catch (Exception broken) {
            System.out.println("commands: " + broken);
        }
        Runtime.getRuntime().halt(1);
    }

    /** Whether the worker hangs: asked for by the harness, begun by the worker in the middle of a batch. */
    static final class Hang {
        private long wanted;
        private boolean hanging;

        private synchronized void next(long millis) {
            wanted = millis;
        }

        synchronized boolean isHanging() {
            return hanging;
        }

        /** Hangs if that was asked for. {@return whether it did} */
        boolean point() throws InterruptedException {
            long millis;
            synchronized (this) {
                millis = wanted;
                wanted = 0;
                hanging = millis > 0;
            }
            if (millis == 0) {
                return false;
            }
            System.out.println("hangs for " + millis + " ms");
            Thread.sleep(millis);
            return true;
        }

        synchronized void over() {
            hanging = false;
        }
    }
}
