package io.millrace.node.faults.work;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.RunOf;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The server of all webhook bots, outside of the bus. Arguments: its name, its port, the {@link Recipe} of each bot as JSON, the
 * directory of histories. It is moody by itself: now and then it is busy, and some events are to come again. On standard
 * input, whose end is its own: {@code garbage MS}, for so long its answers are nonsense, and {@code busy MS}, for so long it wants
 * to be left alone.
 */
public final class WebhookProcess {
    private static final int BUSY_ONE_IN = 40;
    private static final int LATER_ONE_IN = 97;

    private final String name;
    private final Map<String, Recipe> recipes;
    private final History history;
    private final Set<String> postponed = ConcurrentHashMap.newKeySet();
    private volatile long garbageUntil = System.nanoTime();
    private volatile long busyUntil = System.nanoTime();

    private WebhookProcess(String name, Map<String, Recipe> recipes, History history) {
        this.name = name;
        this.recipes = recipes;
        this.history = history;
    }

    public static void main(String[] arguments) throws Exception {
        WebhookProcess process = new WebhookProcess(
                arguments[0],
                Json.mapper().readValue(arguments[2], new TypeReference<>() {}),
                History.open(Path.of(arguments[3]), arguments[0]));
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])), 0);
        server.createContext("/", process::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        process.obey();
    }

    private void obey() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                long until = System.nanoTime() + 1_000_000 * Long.parseLong(line.substring(line.indexOf(' ') + 1));
                if (line.startsWith("garbage")) {
                    garbageUntil = until;
                } else {
                    busyUntil = until;
                }
            }
        } catch (Exception broken) {
            System.out.println("commands: " + broken);
        }
        Runtime.getRuntime().halt(1);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (System.nanoTime() - garbageUntil < 0) {
                boolean fails = ThreadLocalRandom.current().nextBoolean();
                answer(exchange, fails ? 500 : 200, fails ? "nothing works" : "{\"results\": [{\"st");
            } else if (System.nanoTime() - busyUntil < 0
                    || ThreadLocalRandom.current().nextInt(BUSY_ONE_IN) == 0) {
                exchange.getResponseHeaders().add("Retry-After", "1");
                answer(exchange, ThreadLocalRandom.current().nextBoolean() ? 429 : 503, "");
            } else {
                handle(exchange, body);
            }
        } catch (IOException gone) {
            // Whoever called has gone; what it was told doesn't matter.
        } catch (RuntimeException broken) {
            System.out.println("broken: " + broken);
        }
    }

    private void handle(HttpExchange exchange, String body) throws IOException {
        long from = System.nanoTime();
        String bot = exchange.getRequestURI().getPath().substring(1);
        String queue = exchange.getRequestHeaders().getFirst(Headers.QUEUE);
        Recipe registered = recipes.get(bot);
        Recipe recipe = exchange.getRequestURI().getQuery() == null ? registered : registered.mend();
        List<Item> items = Values.items(queue, Values.page(body));
        int done = 0;
        while (done < items.size() && isFine(bot, recipe, items.get(done))) {
            done++;
        }
        boolean isPart = done < items.size();
        if (isPart && (recipe.reduces() || (done == 0 && draw(items.get(0)) == 0))) {
            // Which event it is the node has to find out.
            answer(exchange, items.size() == 1 ? 500 : 400, items.size() == 1 ? complaint(bot, recipe, items) : "");
            return;
        }
        if (done > 0) {
            RunOf run = new RunOf(
                    bot,
                    exchange.getRequestHeaders().getFirst(Headers.RUN_ID),
                    Long.parseLong(exchange.getRequestHeaders().getFirst(Headers.EPOCH)));
            history.write(new Operation.Handled(
                    Call.ok(name, name, from, System.nanoTime()), run, queue, Values.seen(items.subList(0, done))));
        }
        answer(exchange, 200, results(bot, recipe, items, done).toString());
    }

    private static String complaint(String bot, Recipe recipe, List<Item> items) {
        return recipe.isPoison(bot, items.get(0)) ? items.get(0).complaint() : "later";
    }

    private static int draw(Item item) {
        return Lots.draw("reject", item.value(), 3);
    }

    /** Some events are put off once. */
    private boolean isFine(String bot, Recipe recipe, Item item) {
        boolean isLater =
                Lots.draw("later for " + bot, item.name(), LATER_ONE_IN) == 0 && postponed.add(bot + " " + item.name());
        return !isLater && !recipe.isPoison(bot, item);
    }

    private static ObjectNode results(String bot, Recipe recipe, List<Item> items, int done) {
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode results = answer.putArray("results");
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            ObjectNode result = results.addObject();
            if (i < done) {
                result.put("status", "done");
                if (!recipe.reduces()) {
                    emit(result.putArray("emit"), recipe.make(List.of(item)));
                }
            } else if (recipe.isPoison(bot, item) && draw(item) == 1) {
                result.put("status", "reject").put("message", item.complaint());
            } else {
                boolean isPoison = recipe.isPoison(bot, item);
                result.put("status", "retry")
                        .put("after", "PT0.2S")
                        .put("message", isPoison ? item.complaint() : "later");
            }
        }
        if (recipe.reduces()) {
            emit(answer.putArray("emit"), recipe.make(items));
        }
        return answer;
    }

    private static void emit(ArrayNode emit, List<Recipe.Made> made) {
        made.forEach(one -> emit.addObject().put("queue", one.queue()).set("payload", one.payload()));
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
