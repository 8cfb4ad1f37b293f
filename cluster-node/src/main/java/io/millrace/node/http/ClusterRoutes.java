package io.millrace.node.http;

import io.millrace.node.application.ClusterView;
import io.millrace.protocol.BotId;
import io.millrace.protocol.QueueName;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The members of the cluster, and where a queue or a bot lives. */
final class ClusterRoutes {
    private final ClusterView cluster;

    ClusterRoutes(ClusterView cluster) {
        this.cluster = cluster;
    }

    void addTo(Router router) {
        router.on("GET", "/v1/cluster", Guard.KNOWN, Set.of("queue", "bot"), this::describe);
    }

    private CompletionStage<HttpResponse> describe(Exchange exchange) {
        String queue = exchange.query().text("queue");
        String bot = exchange.query().text("bot");
        if (queue != null && bot != null) {
            throw Query.malformed("bot", "can't stand beside queue");
        } else if (queue != null) {
            return cluster.locate(Exchange.named(queue, QueueName::new)).thenApply(Answers::ok);
        } else if (bot != null) {
            return cluster.locate(Exchange.named(bot, BotId::new)).thenApply(Answers::ok);
        }
        return cluster.members().thenApply(Answers::ok);
    }
}
