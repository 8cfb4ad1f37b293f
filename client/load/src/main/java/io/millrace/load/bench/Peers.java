package io.millrace.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.load.Events;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What the peers reached: medians of lines that their harness wrote, or those that were measured once on such a machine. */
final class Peers {
    static final String KAFKA = "kafka";
    static final String KAFKA_FSYNC = "kafka-flush1";
    static final String RABBIT = "rabbit-stream";

    private final Map<String, Figures> byPeer = new LinkedHashMap<>();

    private Peers() {}

    /** The medians of November 2026 on two cores, the peers uncompressed; nothing where they weren't measured. */
    static Peers known(Events.Note payload) {
        Peers peers = new Peers();
        if (payload == Events.Note.PADDED) {
            peers.add(KAFKA, "W1", 656_000).add(KAFKA, "W2", 891_000).add(RABBIT, "W2", 4_095_000);
            peers.add(KAFKA_FSYNC, "W1b-sync64", 35_000);
            peers.add(KAFKA, "W4-eo", 73_000).add(RABBIT, "W4-eo", 218_000);
        } else if (payload == Events.Note.REALISTIC) {
            peers.add(KAFKA, "W1", 586_000).add(KAFKA, "W2", 874_000).add(RABBIT, "W2", 3_661_000);
        }
        return peers;
    }

    /**
     * Lines of {@code shared/peers/all.sh}, with the same payload.
     *
     * @throws IOException if the file can't be read
     */
    static Peers read(Path file) throws IOException {
        Peers peers = new Peers();
        for (String line : Files.readAllLines(file)) {
            byte[] json = line.getBytes(StandardCharsets.UTF_8);
            if (line.startsWith("{")) {
                JsonNode result = Json.tree(json, 0, json.length);
                if (result.path("ok").asBoolean() && result.path("rep").asInt() > 0) {
                    Map<String, Object> numbers = new LinkedHashMap<>();
                    result.properties().forEach(field -> {
                        if (field.getValue().isNumber()) {
                            numbers.put(field.getKey(), field.getValue().numberValue());
                        }
                    });
                    peers.of(result.path("peer").asText())
                            .add(result.path("workload").asText(), numbers);
                }
            }
        }
        return peers;
    }

    private Peers add(String peer, String workload, double eventsPerSecond) {
        of(peer).add(workload, Map.of("eps", eventsPerSecond));
        return this;
    }

    private Figures of(String peer) {
        return byPeer.computeIfAbsent(peer, p -> new Figures());
    }

    /** A peer's median of events per second. */
    OptionalDouble eventsPerSecond(String peer, String workload) {
        return of(peer).spread(workload, "eps").stream()
                .mapToDouble(Figures.Spread::median)
                .findAny();
    }
}
