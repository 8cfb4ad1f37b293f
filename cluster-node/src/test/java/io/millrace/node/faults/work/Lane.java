package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Which events a worker's lane is to handle, as the contract has it; written a second time to hold the first against. */
final class Lane {
    private Lane() {}

    static List<JsonNode> own(@Nullable JsonNode lane, String queue, List<JsonNode> events) {
        return lane == null
                ? events
                : events.stream().filter(event -> isOwn(lane, queue, event)).toList();
    }

    private static boolean isOwn(JsonNode lane, String queue, JsonNode event) {
        if (number(lane.path("key"), lane.get("count").asInt(), event)
                != lane.get("index").asInt()) {
            return false;
        }
        JsonNode before = lane.path("before");
        JsonNode done = before.path("done").path(queue);
        int number = number(before.path("key"), before.path("count").asInt(1), event);
        return done.isMissingNode()
                || event.get("eid").asText().compareTo(done.get(number).asText()) > 0;
    }

    private static int number(JsonNode key, int count, JsonNode event) {
        if (!key.isTextual() || count == 1) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(event.get("payload").at(key.asText()).asText().getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % count);
    }
}
