package io.millrace.node.cluster;

import io.millrace.node.settings.ClusterSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.jspecify.annotations.Nullable;

/**
 * How a node finds its cluster. The first seed node forms a new one when no other seed answers, and alone that would be
 * unsafe: restarted while it is cut off from the others it would form a second cluster, for good. So it asks the roll of
 * members first: while others stand there, it only joins.
 */
public final class Formation {
    /** How long a member that went without a word stays on the roll: several beats, and no long wait for a cold start. */
    public static final Duration ROLL_MEMORY = Duration.ofSeconds(10);

    private static final Duration BEAT = Duration.ofSeconds(2);

    private final ActorSystem<?> system;
    private final Cluster cluster;
    private final MemberRoll roll;
    private final List<Address> seeds;
    private final boolean mayForm;
    private final String self;
    private volatile boolean forms;

    private Formation(ActorSystem<?> system, ClusterSettings settings, MemberRoll roll) {
        this.system = system;
        this.cluster = Cluster.get(system);
        this.roll = roll;
        this.seeds = settings.seedNodes().stream()
                .map(seed -> AddressFromURIString.parse("pekko://" + system.name() + "@" + seed))
                .toList();
        this.mayForm = settings.isFirstSeed();
        this.self = cluster.selfMember().address().toString();
    }

    /** Joins the seed nodes, for as long as it takes; without any, a cluster of one. */
    public static void join(ActorSystem<?> system, ClusterSettings settings, MemberRoll roll) {
        Formation formation = new Formation(system, settings, roll);
        if (formation.seeds.isEmpty()) {
            formation
                    .cluster
                    .manager()
                    .tell(Join.create(formation.cluster.selfMember().address()));
            return;
        }
        formation.joinOthers();
        Cancellable beat =
                system.scheduler().scheduleAtFixedRate(Duration.ZERO, BEAT, formation::beat, system.executionContext());
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseClusterLeave(), "strike-from-roll", () -> {
            beat.cancel();
            return roll.strike(formation.self)
                    .thenApply(done -> Done.getInstance())
                    .exceptionally(lost -> Done.getInstance());
        });
    }

    /** Whoever isn't the first of the list that it joins by never forms a cluster. */
    private void joinOthers() {
        Address own = cluster.selfMember().address();
        List<Address> others = seeds.stream().filter(seed -> !seed.equals(own)).toList();
        if (!others.isEmpty()) {
            cluster.manager().tell(new JoinSeedNodes(others));
        }
    }

    private void beat() {
        MemberStatus status = cluster.selfMember().status();
        if (status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp())) {
            // What fails is repeated by the next beat.
            roll.note(self).whenComplete((done, failure) -> {
                if (failure != null) {
                    system.log().debug("The roll of members could not be written ({})", failure.toString());
                }
            });
        } else if (mayForm && !forms && !cluster.isTerminated()) {
            roll.nodes().whenComplete(this::formIfAlone);
        }
    }

    private void formIfAlone(@Nullable Set<String> nodes, @Nullable Throwable failure) {
        if (nodes == null) {
            system.log()
                    .warn("Not forming a cluster yet: the roll of members can't be read ({})", String.valueOf(failure));
            return; // the next beat asks again
        }
        boolean alone = nodes.stream().allMatch(self::equals);
        if (alone) {
            forms = true;
            cluster.manager().tell(new JoinSeedNodes(seeds));
        } else {
            system.log().info("Not forming a cluster: {} were members a moment ago; trying to join them", nodes);
        }
    }
}
