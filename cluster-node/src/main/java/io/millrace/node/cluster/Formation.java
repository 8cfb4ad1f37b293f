package io.millrace.node.cluster;

import io.millrace.node.settings.ClusterSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.jspecify.annotations.Nullable;

/**
 * How a node finds its cluster. The first seed node forms a new one when no other seed answers, and alone that would be
 * unsafe: restarted while it is cut off from the others it would form a second cluster, for good. So it asks the roll of
 * members first: while others stand there, it only joins. Nodes that find each other by bootstrap go by the same rule.
 */
public final class Formation {
    /** How long a member that went without a word stays on the roll: several beats, and no long wait for a cold start. */
    public static final Duration ROLL_MEMORY = Duration.ofSeconds(10);

    private static final Duration BEAT = Duration.ofSeconds(2);

    private final ActorSystem<?> system;
    private final Cluster cluster;
    private final MemberRoll roll;
    private final List<Address> seeds;
    private final boolean finds;
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
        this.finds = settings.bootstrap().isPresent();
        this.mayForm = settings.isFirstSeed();
        this.self = cluster.selfMember().address().toString();
    }

    /**
     * Joins the nodes that bootstrap finds, or the seed nodes, for as long as it takes; without either, a cluster of one.
     *
     * @return done when it tries to; fails when the port of the bootstrap can't be opened
     */
    public static CompletionStage<?> join(ActorSystem<?> system, ClusterSettings settings, MemberRoll roll) {
        return new Formation(system, settings, roll).join();
    }

    private CompletionStage<?> join() {
        if (!finds && seeds.isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            return CompletableFuture.completedStage(Done.getInstance());
        }
        CompletionStage<?> trying = finds ? find() : joinOthers();
        keepTheRoll();
        return trying;
    }

    /** What keeps it from forming a cluster of its own is its {@link RollJoinDecider}. */
    private CompletionStage<?> find() {
        CompletionStage<?> open = PekkoManagement.get(system).start();
        ClusterBootstrap.get(system.classicSystem()).start();
        return open;
    }

    /** After what is tried first: the beat may form a cluster, which a later word would undo. */
    private void keepTheRoll() {
        Cancellable beat =
                system.scheduler().scheduleAtFixedRate(Duration.ZERO, BEAT, this::beat, system.executionContext());
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseClusterLeave(), "strike-from-roll", () -> {
            beat.cancel();
            return roll.strike(self).thenApply(done -> Done.getInstance()).exceptionally(lost -> Done.getInstance());
        });
    }

    /** Whoever isn't the first of the list that it joins by never forms a cluster. */
    private CompletionStage<?> joinOthers() {
        Address own = cluster.selfMember().address();
        List<Address> others = seeds.stream().filter(seed -> !seed.equals(own)).toList();
        if (!others.isEmpty()) {
            cluster.manager().tell(new JoinSeedNodes(others));
        }
        return CompletableFuture.completedStage(Done.getInstance());
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
