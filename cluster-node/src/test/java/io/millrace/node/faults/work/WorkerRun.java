package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Pipeline.Shape;
import io.millrace.node.faults.history.RunOf;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.EventId;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** One run of a worker by plain HTTP: read, handle, append, checkpoint, complete, and heartbeats beside. */
final class WorkerRun {
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int BATCH = 50;
    private static final int EMPTY_PAGES = 3;
    private static final long CHECKPOINT_NANOS = 1_000_000_000L;

    /** Who works for which bot. */
    record Worker(String name, String bot, String target, Shape shape, List<URI> nodes, History history) {}

    private final Worker worker;
    private final Http http;
    private final WorkerProcess.Hang hang;
    private final JsonNode grant;
    private final RunOf run;
    private final Map<String, String> token;
    private final long readUntil;
    private final long deadline;
    private final long silence;
    private final Map<String, String> reached = new HashMap<>();
    private final Map<String, Long> records = new HashMap<>();
    private final Map<String, TreeSet<String>> ends = new HashMap<>();
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
        this.run = new RunOf(
                worker.bot, grant.get("run").asText(), grant.get("epoch").asLong());
        this.token = Map.of(Headers.RUN, grant.get("token").asText());
        Instant started = Instant.parse(grant.get("startedAt").asText());
        this.readUntil = asked + nanos(started, "readUntil");
        this.deadline = asked + nanos(started, "deadline");
        this.silence = 3 * Duration.parse(grant.get("heartbeatEvery").asText()).toNanos();
        grant.path("checkpoints").properties().forEach(entry -> {
            reached.put(entry.getKey(), entry.getValue().get("checkpoint").asText());
            records.put(entry.getKey(), entry.getValue().get("records").asLong());
        });
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
                any |= step(trigger.asText());
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

    private boolean step(String queue) throws InterruptedException {
        String after = reached.getOrDefault(queue, "");
        Http.Answer answer = http.get(Follower.path(queue, after, BATCH, 1), LIMIT);
        if (!answer.isOk()) {
            Work.about(200);
            return true;
        }
        List<Seen> page = cut(queue, Values.seenIn(Values.page(answer.text())));
        if (page.isEmpty() || stale) {
            return false;
        }
        long from = System.nanoTime();
        ArrayNode output = handle(queue, page);
        write(new Operation.Handled(Call.ok(worker.name, "", from, System.nanoTime()), run, queue, page));
        boolean hung = hang.point();
        boolean done = append(queue, output);
        if (done) {
            reached.put(queue, page.get(page.size() - 1).eid().toString());
            records.merge(queue, (long) page.size(), Long::sum);
            dirty = true;
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
    private List<Seen> cut(String queue, List<Seen> page) {
        TreeSet<String> known = ends.getOrDefault(queue, new TreeSet<>());
        for (int i = 0; i < page.size(); i++) {
            if (known.contains(page.get(i).eid().toString())) {
                return page.subList(0, i + 1);
            }
        }
        return page;
    }

    private ArrayNode handle(String queue, List<Seen> page) {
        ArrayNode output = Json.mapper().createArrayNode();
        if (worker.shape == Shape.REDUCE) {
            output.add(event(
                    queue,
                    Values.reduced(worker.target, page.stream().map(Seen::value).toList()),
                    page));
        } else {
            for (Seen one : page) {
                output.add(event(queue, Values.copied(worker.target, one.value()), List.of(one)));
            }
        }
        return output;
    }

    private static ObjectNode event(String queue, ObjectNode payload, List<Seen> parents) {
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
    private boolean append(String queue, ArrayNode output) throws InterruptedException {
        List<String> values =
                output.findValues("payload").stream().map(Values::of).toList();
        while (true) {
            long from = System.nanoTime();
            Http.Answer answer = http.post("/v1/queues/" + worker.target + "/events", token, output.toString(), LIMIT);
            write(new Operation.Append(
                    call(from, answer),
                    worker.target,
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
