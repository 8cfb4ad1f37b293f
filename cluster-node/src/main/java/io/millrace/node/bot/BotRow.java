package io.millrace.node.bot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.json.InvalidJsonException;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is noted of a bot for lists, so that nobody is woken for them. Everything that changes by time alone is reckoned when
 * it is read.
 *
 * @param at ms since the epoch
 * @param info without its handler's settings and its next slots
 * @param createdAt ms since the epoch
 * @param waiting by queue that it reads
 */
record BotRow(long at, BotInfo info, long createdAt, Map<String, BotFacts.Waiting> waiting, Trend trend) {
    static BotRow of(String bot, BotState state, BotFacts facts, Trend trend, long now) {
        return new BotRow(now, Vitals.info(bot, state, facts, null, now), state.createdAt(), facts.waiting(), trend);
    }

    BotInfo at(long now) {
        return Vitals.at(info, waiting, createdAt, trend, now, Instant.ofEpochMilli(at));
    }

    String toText() {
        ObjectNode row = Json.mapper().valueToTree(this);
        if (row.get("info") instanceof ObjectNode shown) {
            shown.remove("nextRuns");
            if (shown.get("handler") instanceof ObjectNode handler) {
                handler.remove("settings");
            }
        }
        return row.toString();
    }

    /** Empty if it can't be understood, as one that a node of another version wrote may be: then it counts as missing. */
    static Optional<BotRow> parse(String text) {
        try {
            return Optional.of(Json.readAnswer(text.getBytes(StandardCharsets.UTF_8), BotRow.class));
        } catch (InvalidJsonException e) {
            return Optional.empty();
        }
    }
}
