package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An administrator of one bot and its dead letters: sends one back as it is, which fails again, some with another payload, which
 * don't, or all; and has the bot go on when it is rogue.
 */
final class Redriver {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int PAGE = 1_000;
    private static final int MOST_EDITED = 4;

    private final Work work;
    private final Http http;
    private final BotPlan bot;
    private final Random random;
    /** Letters that it hasn't seen redriven, by their ids. */
    private final Map<String, ObjectNode> letters = new LinkedHashMap<>();

    private String after = "";

    Redriver(Work work, BotPlan bot, long seed) {
        this.work = work;
        this.random = new Random(seed);
        this.http = work.http(random.nextInt(work.nodes().size()));
        this.bot = bot;
    }

    Thread start() {
        return work.loop("r-" + bot.name(), this::step);
    }

    private void step() throws InterruptedException {
        Work.about(8_000);
        Http.Answer seen = http.get("/v1/bots/" + bot.name(), LIMIT);
        if (seen.isOk() && seen.json().path("state").asText().equals("rogue")) {
            resume(http, work.history(), bot.name());
        }
        Http.Answer answer = http.get(Follower.path(bot.dead(), after, PAGE, 0), LIMIT);
        if (!answer.isOk()) {
            return;
        }
        for (JsonNode letter : Values.page(answer.text())) {
            after = letter.get("eid").asText();
            letters.put(after, (ObjectNode) letter.get("payload").get("payload"));
        }
        if (letters.isEmpty()) {
            return;
        }
        List<String> ids = new ArrayList<>(letters.keySet());
        switch (random.nextInt(4)) {
            case 0 -> one(ids.get(random.nextInt(ids.size())));
            case 1 -> {
                if (redrive(http, work.history(), bot.name(), all(), List.of(), false)
                        .isOk()) {
                    letters.clear();
                }
            }
            default -> {
                int count = Math.min(ids.size(), 1 + random.nextInt(MOST_EDITED));
                edited(ids.subList(0, count));
            }
        }
    }

    private void one(String eid) throws InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode().put("eid", eid);
        forget(redrive(http, work.history(), bot.name(), body, List.of(eid), false), List.of(eid));
    }

    private void edited(List<String> ids) throws InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode();
        ArrayNode events = body.putArray("events");
        for (String eid : ids) {
            ObjectNode payload = letters.get(eid).deepCopy().put("mended", true);
            events.addObject().put("eid", eid).set("payload", payload);
        }
        forget(redrive(http, work.history(), bot.name(), body, ids, true), ids);
    }

    /** One that is refused is asked for another time, unless it was that letter which can't be redriven again. */
    private void forget(Http.Answer answer, List<String> ids) {
        if (answer.isOk() || answer.status() == 409) {
            ids.forEach(letters::remove);
        }
    }

    /**
     * Says that a bot may go on. Where nothing could be handled, be it that the webhooks were away for long or that a lot of poison
     * was redriven as it was, a bot is rogue and leaves it to an operator.
     */
    static void resume(Http http, History history, String bot) throws InterruptedException {
        long from = System.nanoTime();
        Http.Answer answer = http.post("/v1/bots/" + bot + "/resume", Map.of(), "", LIMIT);
        history.write(new Operation.Administered(Calls.of("administrator", from, answer), bot, "resume"));
    }

    static ObjectNode all() {
        return Json.mapper().createObjectNode().put("all", true);
    }

    /** Sends dead letters back, and writes it down. */
    static Http.Answer redrive(
            Http http, History history, String bot, ObjectNode body, List<String> ids, boolean edited)
            throws InterruptedException {
        long from = System.nanoTime();
        Http.Answer answer = http.post("/v1/bots/" + bot + "/dead/redrive", Map.of(), body.toString(), LIMIT);
        Call call = Calls.of("administrator", from, answer);
        JsonNode settled = answer.isOk() ? answer.json() : Json.mapper().createObjectNode();
        long events = settled.path("events").asLong();
        history.write(new Operation.Redriven(
                call, bot, ids, edited, events, settled.path("more").asBoolean()));
        return answer;
    }
}
