package io.millrace.node;

import io.millrace.node.application.SkewedClock;
import io.millrace.node.faults.work.FaultHandler;
import io.millrace.node.settings.NodeSettings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A node in a process of its own that can be hurt from within. Arguments: its settings file, the directory of histories,
 * and its name there. Commands come line by line on standard input, whose end is the node's: {@code clock +60000} (ms that its clock
 * is off), {@code wakes drop} and {@code wakes pass}, {@code halt POINT BOT MS} (see {@link FaultHandler}).
 */
public final class FaultNode {
    private FaultNode() {}

    public static void main(String[] arguments) throws Exception {
        SkewedClock clock = new SkewedClock();
        AtomicBoolean dropping = new AtomicBoolean();
        Thread commands = new Thread(() -> obey(clock, dropping), "commands");
        commands.setDaemon(true);
        commands.start();
        FaultHandler.writeTo(Path.of(arguments[1]), arguments[2]);
        Node node = Node.start(
                        NodeSettings.load(Path.of(arguments[0])),
                        clock,
                        signals -> new LostWakes(signals, dropping::get))
                .toCompletableFuture()
                .get(5, TimeUnit.MINUTES);
        System.out.println("READY " + node.httpAddress());
    }

    private static void obey(SkewedClock clock, AtomicBoolean dropping) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "clock" -> clock.skew(Long.parseLong(words[1]));
                    case "wakes" -> dropping.set(words[1].equals("drop"));
                    case "halt" -> FaultHandler.haltAt(words[1], words[2], Long.parseLong(words[3]));
                    default -> System.out.println("not a command: " + line);
                }
            }
        } catch (Exception broken) {
            System.out.println("commands: " + broken);
        }
        // The harness has gone, and with it everything that could stop this node.
        Runtime.getRuntime().halt(1);
    }
}
