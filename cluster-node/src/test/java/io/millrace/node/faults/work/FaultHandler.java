package io.millrace.node.faults.work;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.RunOf;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RejectedEventException;
import io.millrace.protocol.handler.RunInfo;
import io.millrace.protocol.json.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The java bots of a fault run; their {@link Recipe} is their settings. It writes down what it handles before it returns, and
 * on command it ends its JVM as kill -9 would, at a point that can't be hit from outside.
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
        Recipe recipe = Json.mapper().convertValue(info.settings(), Recipe.class);
        Integer lane = info.lane();
        RunOf run = lane != null
                ? RunOf.lane(info.bot(), lane.toString(), info.run(), info.epoch())
                : new RunOf(info.bot(), info.run(), info.epoch());
        write(granted ? null : new Operation.Granted(Call.ok(node, node, from, from), run, node, 0));
        granted = true;
        haltIf("before", info.bot());
        Map<EventId, Event> byId = new HashMap<>();
        events.forEach(event -> byId.put(event.eid(), event));
        List<Item> items = events.stream().map(Item::of).toList();
        for (Item item : items) {
            refuse(recipe, info.bot(), item, byId);
        }
        for (Recipe.Made made : recipe.make(items)) {
            Event parent = byId.get(made.parents().get(0).eid());
            (recipe.reduces() ? out : out.from(parent)).emit(made.queue(), made.payload());
        }
        write(new Operation.Handled(
                Call.ok(node, node, from, System.nanoTime()), run, events.get(0).queue(), Values.seen(items)));
        haltIf("after", info.bot());
        haltLater(info.bot());
    }

    /** Poison is rejected or makes the handler fail, which looks the same until its attempts are used up. */
    private static void refuse(Recipe recipe, String bot, Item item, Map<EventId, Event> byId) {
        if (recipe.isPoison(bot, item)) {
            if (Lots.draw("reject", item.value(), 3) == 0) {
                throw new RejectedEventException(byId.get(item.eid()), item.complaint());
            }
            throw new IllegalStateException(item.complaint());
        }
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
