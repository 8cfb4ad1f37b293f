package io.millrace.node.faults.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.work.Http;
import io.millrace.node.faults.work.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who does what in the bus right now, as {@code /v1/cluster} tells. */
final class Roles {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final List<NodeProcess> nodes;

    Roles(List<NodeProcess> nodes) {
        this.nodes = nodes;
    }

    Optional<NodeProcess> ofQueue(String queue) throws InterruptedException {
        return at(ask("?queue=" + queue).path("entity").path("node").asText());
    }

    Optional<NodeProcess> ofBot(String bot) throws InterruptedException {
        return at(ask("?bot=" + bot).path("entity").path("node").asText());
    }

    /** Of a queue, a bot or the oldest member. */
    Optional<NodeProcess> of(String role) throws InterruptedException {
        int space = role.indexOf(' ');
        String name = role.substring(space + 1);
        return role.startsWith("queue ") ? ofQueue(name) : role.startsWith("bot ") ? ofBot(name) : oldest();
    }

    Optional<NodeProcess> oldest() throws InterruptedException {
        for (JsonNode member : ask("").path("members")) {
            if (member.path("oldest").asBoolean()) {
                return at(member.path("node").asText());
            }
        }
        return Optional.empty();
    }

    /** All roles of a node, as histories name them. */
    List<String> hits(NodeProcess node, Topology topology) throws InterruptedException {
        List<String> hits = new ArrayList<>();
        for (String queue : topology.queues()) {
            if (ofQueue(queue).filter(node::equals).isPresent()) {
                hits.add("queue " + queue);
            }
        }
        for (String bot : topology.bots()) {
            if (ofBot(bot).filter(node::equals).isPresent()) {
                hits.add("bot " + bot);
            }
        }
        if (oldest().filter(node::equals).isPresent()) {
            hits.add("oldest");
        }
        return hits;
    }

    private JsonNode ask(String query) throws InterruptedException {
        for (NodeProcess node : nodes) {
            if (node.isAlive()) {
                Http.Answer answer = Http.once(node.uri(), "GET", "/v1/cluster" + query, Map.of(), null, LIMIT);
                if (answer.isOk()) {
                    return answer.json();
                }
            }
        }
        return MissingNode.getInstance();
    }

    /** Each node has a host of its own, so that it is known in whatever form an address is told. */
    private Optional<NodeProcess> at(String address) {
        return nodes.stream()
                .filter(node -> address.contains(node.uri().getHost() + ":"))
                .findFirst();
    }
}
