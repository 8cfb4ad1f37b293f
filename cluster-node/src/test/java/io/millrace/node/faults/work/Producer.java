package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Operation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Appends unique values to one queue. With a producer id it repeats a request until it knows, but now and then gives up early;
 * after that it goes on under another id, because its sequence would have a gap. Without one, unknown stays unknown.
 */
final class Producer {
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int MOST_ATTEMPTS = 60;

    private final Work work;
    private final Http http;
    private final String name;
    private final String queue;
    private final boolean numbered;
    private final int batch;
    private final long pause;
    private final Random random;
    private int incarnation = 1;
    private long sequence;
    private long values;

    /**
     * @param batch events of one request at most
     * @param pause ms between requests
     */
    Producer(Work work, String name, String queue, boolean numbered, int batch, long pause, long seed) {
        this.work = work;
        this.random = new Random(seed);
        this.http = work.http(random.nextInt(work.nodes().size()));
        this.name = name;
        this.queue = queue;
        this.numbered = numbered;
        this.batch = batch;
        this.pause = pause;
    }

    Thread start() {
        return work.loop(name, this::step);
    }

    private void step() throws InterruptedException {
        List<String> next = new ArrayList<>();
        int size = 1 + random.nextInt(batch);
        for (int i = 0; i < size; i++) {
            next.add(name + "-" + ++values);
        }
        if (numbered) {
            sequence++;
            if (!repeat(next)) {
                incarnation++;
                sequence = 0;
            }
        } else {
            attempt(next, Map.of(), null);
        }
        if (random.nextInt(50) == 0) {
            http.rotate();
        }
        Work.about(pause);
    }

    private boolean repeat(List<String> next) throws InterruptedException {
        String producer = name + "." + incarnation;
        Map<String, String> headers = Map.of(Headers.PRODUCER, producer, Headers.SEQUENCE, Long.toString(sequence));
        int attempts = random.nextInt(20) == 0 ? 1 : MOST_ATTEMPTS;
        for (int i = 0; i < attempts && !work.stopping().get(); i++) {
            Http.Answer answer = attempt(next, headers, producer);
            if (answer.isOk()) {
                return true;
            }
            if (answer.problem().startsWith("sequence-")) {
                return false;
            }
            Work.about(Math.min(1_000, 100L * (i + 1)));
        }
        return false;
    }

    private Http.Answer attempt(List<String> next, Map<String, String> headers, @Nullable String producer)
            throws InterruptedException {
        ArrayNode body = Json.mapper().createArrayNode();
        for (String value : next) {
            body.add(Values.event(Values.source(value)));
        }
        long from = System.nanoTime();
        Http.Answer answer = http.post("/v1/queues/" + queue + "/events", headers, body.toString(), LIMIT);
        Call call = work.tally().count(Calls.of(name, from, answer), next.size());
        if (answer.isOk()) {
            work.acks().acknowledged(queue, call.from(), call.to());
        }
        work.history()
                .write(new Operation.Append(
                        call,
                        queue,
                        producer,
                        producer == null ? 0 : sequence,
                        null,
                        next,
                        id(answer, "first"),
                        id(answer, "last")));
        return answer;
    }

    static @Nullable EventId id(Http.Answer answer, String field) {
        if (!answer.isOk()) {
            return null;
        }
        JsonNode id = answer.json().path(field);
        return id.isTextual() ? EventId.parse(id.asText()) : null;
    }
}
