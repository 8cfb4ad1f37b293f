package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.faults.history.Operation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Looks at one bot again and again, through changing nodes. */
final class Watcher {
    private final Work work;
    private final Http http;
    private final String bot;
    private final Random random;

    Watcher(Work work, String bot, long seed) {
        this.work = work;
        this.random = new Random(seed);
        this.http = work.http(random.nextInt(work.nodes().size()));
        this.bot = bot;
    }

    Thread start() {
        return work.loop("w-" + bot, this::step);
    }

    private void step() throws InterruptedException {
        long from = System.nanoTime();
        Http.Answer answer = http.get("/v1/bots/" + bot, Duration.ofSeconds(4));
        if (answer.isOk()) {
            JsonNode seen = answer.json();
            work.history()
                    .write(new Operation.BotSeen(
                            Calls.of("w-" + bot, from, answer),
                            bot,
                            seen.path("epoch").asLong(),
                            read(seen)));
        }
        if (random.nextInt(3) == 0) {
            http.rotate();
        }
        Work.about(700);
    }

    /** Read checkpoints by queue. */
    static Map<String, String> read(JsonNode bot) {
        Map<String, String> checkpoints = new HashMap<>();
        bot.path("checkpoints")
                .path("read")
                .properties()
                .forEach(entry -> checkpoints.put(
                        entry.getKey(), entry.getValue().path("checkpoint").asText()));
        return checkpoints;
    }
}
