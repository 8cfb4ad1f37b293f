package io.millrace.node.faults.work;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.RunOf;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The java bots of a fault run. Settings: {@code to}, the queue that it writes, and {@code shape}, {@code each} or {@code
 * reduce}. It writes down what it handles before it returns, and on command it ends its JVM as kill -9 would, at a point
 * that can't be hit from outside.
 */
public final class FaultHandler implements BotHandler {
    private record Halt(String point, String bot, long millis) {}

    private static final AtomicReference<@Nullable Halt> HALT = new AtomicReference<>();
    private static volatile @Nullable History history;
    private static volatile String node = "";

    private boolean granted;

    /** Where the handlers of this JVM write down what they do. */
    public static void writeTo(Path directory, String process) {
        node = process;
        history = History.open(directory, process);
    }

    /**
     * Ends this JVM at the next call of a bot's handler.
     *
     * @param point {@code before} the handler does anything, {@code after} it has done all and would return, or {@code
     *     later}: so many milliseconds after that
     */
    public static void haltAt(String point, String bot, long millis) {
        HALT.set(new Halt(point, bot, millis));
    }

    @Override
    public void handle(List<Event> events, Emitter out) {
        long from = System.nanoTime();
        RunInfo info = out.run();
        RunOf run = new RunOf(info.bot(), info.run(), info.epoch());
        write(granted ? null : new Operation.Granted(Call.ok(node, node, from, from), run, node, 0));
        granted = true;
        haltIf("before", info.bot());
        String to = info.settings().get("to").asText();
        if (info.settings().get("shape").asText().equals("reduce")) {
            out.emit(to, Values.reduced(to, Values.seen(events)));
        } else {
            for (Event event : events) {
                out.from(event).emit(to, Values.copied(to, Values.of(event)));
            }
        }
        List<Seen> seen = new ArrayList<>();
        events.forEach(event -> seen.add(new Seen(event.eid(), Values.of(event))));
        write(new Operation.Handled(
                Call.ok(node, node, from, System.nanoTime()), run, events.get(0).queue(), seen));
        haltIf("after", info.bot());
        haltLater(info.bot());
    }

    private static void write(@Nullable Operation operation) {
        History open = history;
        if (operation != null && open != null) {
            open.write(operation);
        }
    }

    private static void haltIf(String point, String bot) {
        Halt halt = HALT.get();
        if (halt != null && halt.point.equals(point) && halt.bot.equals(bot)) {
            Runtime.getRuntime().halt(137);
        }
    }

    private static void haltLater(String bot) {
        Halt halt = HALT.get();
        if (halt == null || !halt.point.equals("later") || !halt.bot.equals(bot) || !HALT.compareAndSet(halt, null)) {
            return;
        }
        Thread end = new Thread(
                () -> {
                    try {
                        Thread.sleep(halt.millis);
                    } catch (InterruptedException sooner) {
                        // As well now.
                    }
                    Runtime.getRuntime().halt(137);
                },
                "halt");
        end.setDaemon(true);
        end.start();
    }
}
