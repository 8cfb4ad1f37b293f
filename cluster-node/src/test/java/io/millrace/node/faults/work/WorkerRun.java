package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.RunOf;
import io.millrace.protocol.EventId;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run of a worker by plain HTTP: read, handle, append, checkpoint, complete, and heartbeats beside. */
final class WorkerRun {
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int BATCH = 50;
    private static final int CAREFUL_EVENTS = 100;
    /** What the bus may say about an event that fails, and the run is over. */
    private static final Set<String> ENDING = Set.of("retry", "stop");

    private static final int EMPTY_PAGES = 3;
    private static final long CHECKPOINT_NANOS = 1_000_000_000L;

    /** Who works for which bot. */
    record Worker(String name, String bot, List<URI> nodes, History history) {}

    private final Worker worker;
    private final Http http;
    private final WorkerProcess.Hang hang;
    private final JsonNode grant;
    private final Recipe recipe;
    private final @Nullable JsonNode lane;
    private final RunOf run;
    private final Map<String, String> token;
    private final long readUntil;
    private final long deadline;
    private final long silence;
    private final Map<String, String> reached = new HashMap<>();
    private final Map<String, Long> records = new HashMap<>();
    private final Map<String, TreeSet<String>> ends = new HashMap<>();
    private final Map<String, String> suspects = new HashMap<>();
    private int careful;
    private long handledWell;
    private long checkpointedAt = System.nanoTime();
    private boolean dirty;
    private volatile boolean stale;
    private volatile boolean stop;
    private volatile boolean over;

    private WorkerRun(Worker worker, Http http, WorkerProcess.Hang hang, JsonNode grant, long asked) {
        this.worker = worker;
        this.http = http;
        this.hang = hang;
        this.grant = grant;
        this.recipe = Json.mapper().convertValue(grant.get("settings"), Recipe.class);
        this.lane = grant.get("lane");
        this.run = run(worker.bot, grant);
        this.token = Map.of(Headers.RUN, grant.get("token").asText());
        Instant started = Instant.parse(grant.get("startedAt").asText());
        this.readUntil = asked + nanos(started, "readUntil");
        this.deadline = asked + nanos(started, "deadline");
        this.silence = 3 * Duration.parse(grant.get("heartbeatEvery").asText()).toNanos();
        grant.path("checkpoints").properties().forEach(entry -> {
            reached.put(entry.getKey(), entry.getValue().get("checkpoint").asText());
            records.put(entry.getKey(), entry.getValue().get("records").asLong());
        });
        grant.path("suspects")
                .properties()
                .forEach(entry -> suspects.put(entry.getKey(), entry.getValue().asText()));
        careful = grant.path("careful").asBoolean() ? CAREFUL_EVENTS : 0;
    }

    private static RunOf run(String bot, JsonNode grant) {
        String run = grant.get("run").asText();
        long epoch = grant.get("epoch").asLong();
        JsonNode lane = grant.path("lane");
        return lane.path("count").asInt(1) > 1
                ? RunOf.lane(bot, lane.get("index").asText(), run, epoch)
                : new RunOf(bot, run, epoch);
    }

    private long nanos(Instant started, String field) {
        return Duration.between(started, Instant.parse(grant.get(field).asText()))
                .toNanos();
    }

    /** Asks for a run and does it. */
    static void ask(Worker worker, Http http, WorkerProcess.Hang hang) throws InterruptedException {
        long asked = System.nanoTime();
        Http.Answer answer = http.post(
                "/v1/bots/" + worker.bot + "/runs?wait=5",
                Map.of(),
                Json.mapper().createObjectNode().put("worker", worker.name).toString(),
                Duration.ofSeconds(20));
        if (answer.status() != 201) {
            Work.about(answer.isOk() ? 100 : 500);
            return;
        }
        WorkerRun run = new WorkerRun(worker, http, hang, answer.json(), asked);
        run.write(new Operation.Granted(
                Calls.of(worker.name, asked, answer), run.run, worker.name, run.validUntil(asked)));
        Thread heart = new Thread(run::beat, "heart");
        heart.setDaemon(true);
        heart.start();
        try {
            run.execute();
        } finally {
            run.over = true;
            heart.interrupt();
            heart.join();
        }
    }

    private long validUntil(long asked) {
        return Math.min(deadline, asked + silence);
    }

    private void beat() {
        Http beats = new Http(worker.nodes, 0);
        try {
            while (!over && !stale) {
                Thread.sleep(silence / 3_000_000);
                if (hang.isHanging()) {
                    continue;
                }
                heartbeat(beats);
            }
        } catch (InterruptedException ended) {
            // The run is over.
        }
    }

    private void heartbeat(Http through) throws InterruptedException {
        long from = System.nanoTime();
        Http.Answer answer = through.post("/v1/runs/" + run.run() + "/heartbeat", token, "", LIMIT);
        boolean told = answer.isOk() && answer.json().path("stop").asBoolean();
        write(new Operation.Heartbeat(call(from, answer), run, told, answer.isOk() ? validUntil(from) : 0));
        stop |= told;
    }

    private void execute() throws InterruptedException {
        int empty = 0;
        while (!stale && !stop && System.nanoTime() < readUntil && empty < EMPTY_PAGES) {
            boolean any = false;
            for (JsonNode trigger : grant.get("triggers")) {
                any |= step(trigger.asText(), empty == 0 ? 0 : 1);
            }
            empty = any ? 0 : empty + 1;
            if (dirty && System.nanoTime() - checkpointedAt > CHECKPOINT_NANOS) {
                checkpoint();
            }
        }
        if (!stale) {
            complete();
        }
    }

    private boolean step(String queue, int wait) throws InterruptedException {
        String after = reached.getOrDefault(queue, "");
        Http.Answer answer = http.get(Follower.path(queue, after, BATCH, wait), LIMIT);
        if (!answer.isOk()) {
            Work.about(200);
            return true;
        }
        List<JsonNode> all = Values.page(answer.text());
        List<Item> mine = Values.items(queue, Lane.own(lane, queue, all));
        List<Item> page = cut(queue, mine);
        if (all.isEmpty() || stale) {
            return false;
        }
        if (page.isEmpty()) {
            reached.put(queue, all.get(all.size() - 1).get("eid").asText()); // other lanes handle these
            dirty = true;
            return true;
        }
        // Where an earlier run's batch has to be made again nothing in it is to be feared.
        Item first = page.get(0);
        boolean isRepetition = ends.getOrDefault(queue, new TreeSet<>())
                .contains(page.get(page.size() - 1).eid().toString());
        if (recipe.isPoison(worker.bot, first) || (!isRepetition && needsLeave(queue, first))) {
            if (!mayHandle(queue, first)) {
                return true;
            }
            page = List.of(first);
        } else if (!isRepetition) {
            page = untilPoison(queue, page);
        }
        return handle(queue, page);
    }

    /** Whether an event is to be tried alone, and the bus told so before. */
    private boolean needsLeave(String queue, Item item) {
        return careful > 0 || item.eid().toString().equals(suspects.get(queue));
    }

    private List<Item> untilPoison(String queue, List<Item> page) {
        for (int i = 0; i < page.size(); i++) {
            if (recipe.isPoison(worker.bot, page.get(i)) || needsLeave(queue, page.get(i))) {
                return page.subList(0, i);
            }
        }
        return page;
    }

    /** An event that stands alone: asks where it must, fails where it can't. {@return whether it may be handled now} */
    private boolean mayHandle(String queue, Item item) throws InterruptedException {
        if (needsLeave(queue, item) && !judged(queue, item, null)) {
            return false;
        }
        if (recipe.isPoison(worker.bot, item)) {
            judged(queue, item, item.complaint());
            return false;
        }
        suspects.remove(queue);
        careful = Math.max(0, careful - 1);
        return true;
    }

    /** Asks what is to be done about an event, until it knows, and does it. {@return whether to try the event} */
    private boolean judged(String queue, Item item, @Nullable String error) throws InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("queue", queue)
                .put("eid", item.eid().toString())
                .put("error", error)
                .put("handled", handledWell)
                .put("rejected", error != null && Lots.draw("reject", item.value(), 3) == 0);
        body.set("checkpoints", checkpoints());
        while (!stale && System.nanoTime() < deadline) {
            long from = System.nanoTime();
            Http.Answer answer = http.post("/v1/runs/" + run.run() + "/suspect", token, body.toString(), LIMIT);
            Call call = call(from, answer);
            if (answer.isOk()) {
                reached.forEach((source, position) -> write(new Operation.Checkpointed(call, run, source, position)));
                handledWell = 0;
                String action = answer.json().path("action").asText();
                if (ENDING.contains(action)) {
                    write(new Operation.Completed(call, run, action, Map.of()));
                }
                return obey(queue, item, action);
            }
            if (answer.kind() == Http.Kind.UNKNOWN) {
                // It may have ended the run.
                write(new Operation.Completed(call, run, "suspect", Map.of()));
            }
            Work.about(200);
        }
        stale = true;
        return false;
    }

    private boolean obey(String queue, Item item, String action) {
        switch (action) {
            case "try" -> {
                return true;
            }
            case "skip", "deadLetter" -> {
                suspects.remove(queue);
                passed(queue, item, 1);
            }
            default -> stale = true; // the bus has ended the run
        }
        return false;
    }

    private void passed(String queue, Item last, long count) {
        reached.put(queue, last.eid().toString());
        records.merge(queue, count, Long::sum);
        dirty = true;
    }

    private boolean handle(String queue, List<Item> page) throws InterruptedException {
        long from = System.nanoTime();
        Map<String, ArrayNode> output = output(queue, page);
        write(new Operation.Handled(Call.ok(worker.name, "", from, System.nanoTime()), run, queue, Values.seen(page)));
        boolean hung = hang.point();
        boolean done = true;
        for (Map.Entry<String, ArrayNode> one : output.entrySet()) {
            done = done && append(queue, one.getKey(), one.getValue());
        }
        if (done) {
            passed(queue, page.get(page.size() - 1), page.size());
            handledWell += page.size();
        }
        if (hung) {
            // Everything that the lease was for is tried once more, whatever the first attempt said.
            reached.put(queue, page.get(page.size() - 1).eid().toString());
            checkpoint();
            heartbeat(http);
            complete();
            hang.over();
            stale = true;
        }
        return true;
    }

    /** An earlier run may have reduced other batches of these events: then this one has to end where that one did. */
    private List<Item> cut(String queue, List<Item> page) {
        TreeSet<String> known = ends.getOrDefault(queue, new TreeSet<>());
        for (int i = 0; i < page.size(); i++) {
            if (known.contains(page.get(i).eid().toString())) {
                return page.subList(0, i + 1);
            }
        }
        return page;
    }

    /** By queue. */
    private Map<String, ArrayNode> output(String queue, List<Item> page) {
        Map<String, ArrayNode> output = new LinkedHashMap<>();
        for (Recipe.Made made : recipe.make(page)) {
            output.computeIfAbsent(made.queue(), to -> Json.mapper().createArrayNode())
                    .add(event(queue, made.payload(), made.parents()));
        }
        return output;
    }

    private static ObjectNode event(String queue, ObjectNode payload, List<Item> parents) {
        ObjectNode event = Values.event(payload);
        ObjectNode correlation = event.putObject("correlation_id")
                .put("source", queue)
                .put("start", parents.get(0).eid().toString())
                .put("units", parents.size());
        if (parents.size() > 1) {
            correlation.put("end", parents.get(parents.size() - 1).eid().toString());
        }
        return event;
    }

    /** Repeats until it knows; what was written before is dropped by the queue's mark. */
    private boolean append(String queue, String target, ArrayNode output) throws InterruptedException {
        List<String> values =
                output.findValues("payload").stream().map(Values::of).toList();
        while (true) {
            long from = System.nanoTime();
            Http.Answer answer = http.post("/v1/queues/" + target + "/events", token, output.toString(), LIMIT);
            write(new Operation.Append(
                    call(from, answer),
                    target,
                    null,
                    0,
                    run,
                    values,
                    Producer.id(answer, "first"),
                    Producer.id(answer, "last")));
            if (answer.isOk()) {
                return true;
            }
            if (answer.problem().equals("overlap")) {
                JsonNode overlap = answer.json().path("overlap");
                String end = EventId.parse(overlap.path("position").asText()).toString();
                ends.computeIfAbsent(queue, q -> new TreeSet<>()).add(end);
                return false;
            }
            if (stale || System.nanoTime() > deadline) {
                stale = true;
                return false;
            }
            Work.about(200);
        }
    }

    private void checkpoint() throws InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode();
        body.set("checkpoints", checkpoints());
        long from = System.nanoTime();
        Http.Answer answer = http.post("/v1/runs/" + run.run() + "/checkpoint", token, body.toString(), LIMIT);
        Call call = call(from, answer);
        reached.forEach((queue, position) -> write(new Operation.Checkpointed(call, run, queue, position)));
        checkpointedAt = System.nanoTime();
        dirty &= !answer.isOk();
    }

    private ObjectNode checkpoints() {
        ObjectNode all = Json.mapper().createObjectNode();
        reached.forEach((queue, position) ->
                all.putObject(queue).put("checkpoint", position).put("records", records.getOrDefault(queue, 0L)));
        return all;
    }

    private void complete() throws InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode().put("status", "ok");
        body.set("checkpoints", checkpoints());
        for (int i = 0; i < 5; i++) {
            long from = System.nanoTime();
            Http.Answer answer = http.post("/v1/runs/" + run.run() + "/complete", token, body.toString(), LIMIT);
            write(new Operation.Completed(call(from, answer), run, "ok", Map.copyOf(reached)));
            if (answer.kind() == Http.Kind.OK || answer.status() == 409) {
                return;
            }
            Work.about(300);
        }
    }

    private Call call(long from, Http.Answer answer) {
        stale |= answer.problem().equals("stale-run");
        return Calls.of(worker.name, from, answer);
    }

    private void write(Operation operation) {
        worker.history.write(operation);
    }
}
