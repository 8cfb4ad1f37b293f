package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.json.Json;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is done after the last fault: wait until all is well, then read everything through every node. */
public final class Ending {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PAGE = 5_000;

    private final Topology topology;
    private final List<URI> nodes;
    private final History history;

    public Ending(Topology topology, List<URI> nodes, History history) {
        this.topology = topology;
        this.nodes = nodes;
        this.history = history;
    }

    /** Waits until every source queue takes an append and no bot lags. {@return what is still stuck after the limit} */
    public List<String> awaitCalm(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        List<String> stuck = new ArrayList<>(topology.sources());
        while (System.nanoTime() - start < limit.toNanos()) {
            for (String queue : List.copyOf(stuck)) {
                if (takes(queue)) {
                    stuck.remove(queue);
                }
            }
            List<String> lagging = stuck.isEmpty() ? lagging() : stuck;
            if (lagging.isEmpty()) {
                return List.of();
            }
            Thread.sleep(500);
        }
        List<String> all = new ArrayList<>(stuck);
        all.addAll(lagging());
        return all;
    }

    private boolean takes(String queue) throws InterruptedException {
        String value = "end-" + queue + "-" + System.nanoTime();
        long from = System.nanoTime();
        Http.Answer answer = Http.once(
                nodes.get(0),
                "POST",
                "/v1/queues/" + queue + "/events",
                Map.of(),
                Values.event(Values.source(value)).toString(),
                LIMIT);
        Call call = Calls.of("ending", from, answer);
        history.write(new Operation.Append(
                call, queue, null, 0, null, List.of(value), Producer.id(answer, "first"), Producer.id(answer, "last")));
        return answer.isOk();
    }

    private List<String> lagging() throws InterruptedException {
        List<String> lagging = new ArrayList<>();
        for (String bot : topology.bots()) {
            Http.Answer answer = Http.once(nodes.get(0), "GET", "/v1/bots/" + bot, Map.of(), null, LIMIT);
            if (!answer.isOk()) {
                lagging.add(bot + " (" + answer + ")");
                continue;
            }
            if (answer.json().path("state").asText().equals("rogue")) {
                Redriver.resume(new Http(nodes, 0), history, bot);
            }
            lags(answer.json()).forEach((queue, events) -> {
                if (events > 0) {
                    lagging.add(bot + " is " + events + " events behind in " + queue);
                }
            });
        }
        return lagging;
    }

    /**
     * Mends all bots and sends all of their dead letters back, until none is left. The bots are calm.
     *
     * @return what is still stuck after the limit
     */
    public List<String> redriveAll(URI webhooks, Duration limit) throws InterruptedException {
        List<BotPlan> plans =
                topology.plans().stream().filter(BotPlan::hasPoison).toList();
        Work work = new Work(nodes, history, new Acks(), new Tally(), new AtomicBoolean());
        for (BotPlan plan : plans) {
            Registrations.register(work, plan, webhooks, true, plan.lanes());
        }
        long start = System.nanoTime();
        List<String> stuck;
        do {
            // Only what is calm before can't give further dead letters.
            stuck = lagging();
            for (BotPlan plan : plans) {
                Http.Answer answer =
                        Redriver.redrive(work.http(0), history, plan.name(), Redriver.all(), List.of(), false);
                boolean none = answer.isOk()
                        && answer.json().path("events").asLong() == 0
                        && !answer.json().path("more").asBoolean();
                if (!none) {
                    stuck.add("dead letters of " + plan.name());
                }
            }
            Thread.sleep(stuck.isEmpty() ? 0 : 500);
        } while (!stuck.isEmpty() && System.nanoTime() - start < limit.toNanos());
        return stuck;
    }

    private static Map<String, Long> lags(JsonNode bot) {
        Map<String, Long> lags = new HashMap<>();
        bot.path("lag")
                .properties()
                .forEach(lag ->
                        lags.put(lag.getKey(), lag.getValue().path("events").asLong()));
        return lags;
    }

    /** Writes down all bots as they are. */
    public void lookAtBots() throws InterruptedException {
        for (String bot : topology.bots()) {
            long from = System.nanoTime();
            Http.Answer answer = Http.once(nodes.get(0), "GET", "/v1/bots/" + bot, Map.of(), null, LIMIT);
            JsonNode seen = answer.json();
            history.write(new Operation.FinalBot(
                    Calls.of("ending", from, answer),
                    bot,
                    seen.path("epoch").asLong(),
                    Watcher.read(seen),
                    lags(seen)));
        }
    }

    /** Writes down all queues as each node gives them. {@return events of one full read} */
    public int readEverything() throws InterruptedException {
        int events = 0;
        for (URI node : nodes) {
            for (String queue : topology.allQueues()) {
                events += readAll(node, queue);
            }
        }
        return events / nodes.size();
    }

    private int readAll(URI node, String queue) throws InterruptedException {
        String after = "";
        int events = 0;
        int failures = 0;
        while (true) {
            long from = System.nanoTime();
            Http.Answer answer = Http.once(node, "GET", Follower.path(queue, after, PAGE, 0), Map.of(), null, LIMIT);
            if (!answer.isOk() && ++failures < 5) {
                Thread.sleep(1_000);
                continue;
            }
            List<FinalEvent> page = answer.isOk()
                    ? Values.page(answer.text()).stream()
                            .map(event -> finalEvent(queue, event))
                            .toList()
                    : List.of();
            boolean end = page.size() < PAGE;
            history.write(new Operation.FinalRead(Calls.of("ending", from, answer), queue, after, page, end));
            events += page.size();
            if (end) {
                return events;
            }
            after = page.get(page.size() - 1).eid().toString();
        }
    }

    private static FinalEvent finalEvent(String queue, JsonNode event) {
        JsonNode payload = event.get("payload");
        List<String> from = queue.endsWith(".redrive") ? List.of() : Values.parents(payload);
        JsonNode correlation = event.path("correlation_id");
        return new FinalEvent(
                EventId.parse(event.get("eid").asText()),
                Item.of(queue, event).name(),
                event.path("id").asText("").isEmpty() ? null : event.get("id").asText(),
                correlation.isObject() ? Json.mapper().convertValue(correlation, Correlation.class) : null,
                from);
    }
}
