package io.millrace.node.cluster;

import io.millrace.node.settings.ClusterSettings;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** How a node finds its cluster. */
public final class Formation {
    private Formation() {}

    /** Joins the seed nodes, for as long as it takes; without any, a cluster of one. */
    public static void join(ActorSystem<?> system, ClusterSettings settings) {
        Cluster cluster = Cluster.get(system);
        if (settings.seedNodes().isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            List<Address> seeds = settings.seedNodes().stream()
                    .map(seed -> AddressFromURIString.parse("pekko://" + system.name() + "@" + seed))
                    .toList();
            cluster.manager().tell(new JoinSeedNodes(seeds));
        }
    }
}
