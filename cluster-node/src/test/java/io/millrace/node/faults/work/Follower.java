package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.faults.history.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Reads one queue page by page through changing nodes, and from the beginning again now and then. */
final class Follower {
    private static final int PAGE = 1_000;

    private final Work work;
    private final Http http;
    private final String name;
    private final String queue;
    private final Random random;
    private int incarnation = 1;
    private String after = "";

    Follower(Work work, String name, String queue, long seed) {
        this.work = work;
        this.random = new Random(seed);
        this.http = work.http(random.nextInt(work.nodes().size()));
        this.name = name;
        this.queue = queue;
    }

    Thread start() {
        return work.loop(name, this::step);
    }

    private void step() throws InterruptedException {
        long from = System.nanoTime();
        Http.Answer answer = http.get(path(queue, after, PAGE, 2), Duration.ofSeconds(6));
        if (!answer.isOk()) {
            Work.about(300);
            return;
        }
        List<JsonNode> page = Values.page(answer.text());
        work.history()
                .write(new Operation.Read(
                        Calls.of(name, from, answer),
                        queue,
                        name + "." + incarnation,
                        after,
                        Values.seen(Values.items(queue, page)),
                        // A page of one who waits claims nothing about what may follow it.
                        page.isEmpty()));
        if (!page.isEmpty()) {
            after = page.get(page.size() - 1).get("eid").asText();
        }
        if (random.nextInt(20) == 0) {
            http.rotate();
        }
        if (random.nextInt(2_000) == 0) {
            after = "";
            incarnation++;
        }
        Work.about(200);
    }

    /** Where a page of a queue is read. */
    static String path(String queue, String after, int limit, int wait) {
        return "/v1/queues/" + queue + "/events?limit=" + limit + (wait > 0 ? "&wait=" + wait : "")
                + (after.isEmpty() ? "" : "&after=" + URLEncoder.encode(after, StandardCharsets.UTF_8));
    }
}
