package io.millrace.node.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** The cluster as this node sees it. */
public final class MemberMeters {
    private static final List<MemberStatus> STATUSES = List.of(
            MemberStatus.joining(),
            MemberStatus.weaklyUp(),
            MemberStatus.up(),
            MemberStatus.leaving(),
            MemberStatus.exiting(),
            MemberStatus.down());

    private MemberMeters() {}

    /** Registers them. */
    public static void bind(ActorSystem<?> system, MeterRegistry registry) {
        Cluster cluster = Cluster.get(system);
        for (MemberStatus status : STATUSES) {
            Gauge.builder("millrace.cluster.members", cluster, seen -> count(seen, status))
                    .description("Members of the cluster as this node sees them, by status")
                    .tag("status", status.toString().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder(
                        "millrace.cluster.unreachable",
                        cluster,
                        seen -> seen.state().getUnreachable().size())
                .description("Members that this node, or another that it hears of, can't reach")
                .register(registry);
    }

    private static int count(Cluster cluster, MemberStatus status) {
        int count = 0;
        for (Member member : cluster.state().getMembers()) {
            count += member.status().equals(status) ? 1 : 0;
        }
        return count;
    }
}
