package io.millrace.node.cluster;

import io.millrace.node.application.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ClusterShardingHealthCheck;
import org.apache.pekko.cluster.typed.Cluster;
import scala.jdk.javaapi.FutureConverters;

/** This node can serve once it is a member, sharding has a place for queues and bots, and its storage answers. */
public final class NodeHealth implements Health {
    private final Cluster cluster;
    private final ClusterShardingHealthCheck sharding;
    private final Supplier<CompletionStage<Boolean>> storage;

    /** @param storage whether the storage answers, within 2 s */
    public NodeHealth(ActorSystem<?> system, Supplier<CompletionStage<Boolean>> storage) {
        this.cluster = Cluster.get(system);
        this.sharding = new ClusterShardingHealthCheck(system.classicSystem());
        this.storage = storage;
    }

    @Override
    public CompletionStage<List<String>> obstacles() {
        return storage.get().thenCombine(shardingIsUp(), (answers, sharded) -> {
            List<String> obstacles = new ArrayList<>();
            if (!cluster.selfMember().status().equals(MemberStatus.up())) {
                obstacles.add("the node is not a member of the cluster");
            } else if (!sharded) {
                obstacles.add("the node has no place for queues and bots yet");
            }
            if (!answers) {
                obstacles.add("Cassandra doesn't answer");
            }
            return obstacles;
        });
    }

    /** Once it was up it stays so: a coordinator that moves is no reason to take all nodes out of service. */
    private CompletionStage<Boolean> shardingIsUp() {
        return FutureConverters.asJava(sharding.apply()).handle((up, failure) -> Boolean.TRUE.equals(up));
    }
}
