package io.millrace.node.cluster;

import io.millrace.node.application.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** This node can serve once it is a member and its storage answers. */
public final class NodeHealth implements Health {
    private final Cluster cluster;
    private final Supplier<CompletionStage<Boolean>> storage;

    /** @param storage whether the storage answers, within 2 s */
    public NodeHealth(ActorSystem<?> system, Supplier<CompletionStage<Boolean>> storage) {
        this.cluster = Cluster.get(system);
        this.storage = storage;
    }

    @Override
    public CompletionStage<List<String>> obstacles() {
        return storage.get().thenApply(answers -> {
            List<String> obstacles = new ArrayList<>();
            if (!cluster.selfMember().status().equals(MemberStatus.up())) {
                obstacles.add("the node is not a member of the cluster");
            }
            if (!answers) {
                obstacles.add("Cassandra doesn't answer");
            }
            return obstacles;
        });
    }
}
