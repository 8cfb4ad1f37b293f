package io.millrace.node.cluster;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrapSettings;
import org.apache.pekko.management.cluster.bootstrap.JoinDecision;
import org.apache.pekko.management.cluster.bootstrap.JoinSelf;
import org.apache.pekko.management.cluster.bootstrap.KeepProbing;
import org.apache.pekko.management.cluster.bootstrap.LowestAddressJoinDecider;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesInformation;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Lets a node form a new cluster only while the roll of members is empty but for itself. That all nodes which discovery
 * lists have answered isn't enough: a list may be old, and what isn't on it can still be a cluster.
 */
public final class RollJoinDecider extends LowestAddressJoinDecider {
    private final ActorSystem system;
    private final MemberRoll roll;
    private final String self;

    /** Made by Pekko Management, by the name in its configuration; the system's setup must hold a {@link RollSetup}. */
    public RollJoinDecider(ActorSystem system, ClusterBootstrapSettings settings) {
        super(system, settings);
        this.system = system;
        this.roll = system.settings()
                .setup()
                .get(RollSetup.class)
                .orElseThrow(() -> new IllegalStateException("the setup of the actor system lacks a RollSetup"))
                .roll();
        this.self = Cluster.get(system).selfAddress().toString();
    }

    @Override
    public Future<JoinDecision> decide(SeedNodesInformation found) {
        return FutureConverters.asScala(FutureConverters.asJava(super.decide(found))
                .thenCompose(decision -> decision.equals(JoinSelf.getInstance())
                        ? onlyAlone(decision)
                        : CompletableFuture.completedStage(decision)));
    }

    /** What fails is decided again a second later. */
    private CompletionStage<JoinDecision> onlyAlone(JoinDecision decision) {
        return roll.nodes().thenApply(nodes -> isAlone(nodes) ? decision : KeepProbing.getInstance());
    }

    private boolean isAlone(Set<String> nodes) {
        boolean alone = nodes.stream().allMatch(self::equals);
        if (!alone) {
            system.log().info("Not forming a cluster: {} were members a moment ago; looking for them", nodes);
        }
        return alone;
    }
}
