package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.node.process.FreePort;
import io.millrace.node.settings.NodeSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes without anything but their membership. */
class FormationTest {
    private static final Duration WAIT = Duration.ofSeconds(60);

    private final List<ActorSystem<Void>> systems = new ArrayList<>();
    private final RollInMemory roll = new RollInMemory();

    @AfterEach
    void stop() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(system -> await().atMost(WAIT)
                .until(() -> system.getWhenTerminated().toCompletableFuture().isDone()));
    }

    @Test
    void theFirstSeedFormsAClusterThatTheOthersJoin() throws Exception {
        List<String> seeds = seeds(2);
        ActorSystem<Void> second = node(seeds, 1);
        ActorSystem<Void> first = node(seeds, 0);

        awaitMembers(first, 2);
        awaitMembers(second, 2);
        await().atMost(WAIT).until(() -> roll.nodes.size() == 2);
    }

    @Test
    void theFirstSeedFormsNoClusterWhileOthersStandOnTheRoll() throws Exception {
        roll.nodes.add("pekko://millrace@127.0.0.9:7355");
        ActorSystem<Void> alone = node(seeds(1), 0);

        await().atMost(WAIT).until(() -> roll.reads.get() >= 3);
        assertThat(Cluster.get(alone).selfMember().status()).isNotEqualTo(MemberStatus.up());

        roll.nodes.clear();
        awaitMembers(alone, 1);
    }

    @Test
    void theFirstSeedFormsNoClusterWhileTheRollCannotBeRead() throws Exception {
        roll.away = true;
        ActorSystem<Void> alone = node(seeds(1), 0);

        await().atMost(WAIT).until(() -> roll.reads.get() >= 3);
        assertThat(Cluster.get(alone).selfMember().status()).isNotEqualTo(MemberStatus.up());

        roll.away = false;
        awaitMembers(alone, 1);
    }

    @Test
    void aNodeThatWasKilledMayFormItsClusterAgainAtOnce() throws Exception {
        List<String> seeds = seeds(1);
        roll.nodes.add("pekko://millrace@" + seeds.get(0));

        awaitMembers(node(seeds, 0), 1);
    }

    @Test
    void aNodeThatLeavesStrikesItselfFromTheRoll() throws Exception {
        ActorSystem<Void> alone = node(seeds(1), 0);
        await().atMost(WAIT).until(() -> roll.nodes.size() == 1);

        CoordinatedShutdown.get(alone)
                .runAll(CoordinatedShutdown.unknownReason())
                .whenComplete((done, failure) -> {});

        await().atMost(WAIT).until(roll.nodes::isEmpty);
    }

    private static List<String> seeds(int count) throws IOException {
        List<String> seeds = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String host = "127.0.0." + i;
            seeds.add(host + ":" + FreePort.find(host));
        }
        return seeds;
    }

    private ActorSystem<Void> node(List<String> seeds, int index) {
        List<String> own = List.of(seeds.get(index).split(":"));
        NodeSettings settings = NodeSettings.read(Map.of(
                "millrace.cluster.host",
                own.get(0),
                "millrace.cluster.port",
                Integer.parseInt(own.get(1)),
                "millrace.cluster.first-seed-timeout",
                "1 s",
                "millrace.cluster.seed-nodes",
                seeds));
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "millrace", settings.pekko());
        systems.add(system);
        Formation.join(system, settings.cluster(), roll);
        return system;
    }

    private static void awaitMembers(ActorSystem<?> system, int count) {
        await().atMost(WAIT).until(() -> {
            List<MemberStatus> members = new ArrayList<>();
            Cluster.get(system).state().getMembers().forEach(member -> members.add(member.status()));
            return members.size() == count && members.stream().allMatch(MemberStatus.up()::equals);
        });
    }

    private static final class RollInMemory implements MemberRoll {
        private final Set<String> nodes = ConcurrentHashMap.newKeySet();
        private final AtomicInteger reads = new AtomicInteger();
        private volatile boolean away;

        @Override
        public CompletionStage<Void> note(String node) {
            nodes.add(node);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> strike(String node) {
            nodes.remove(node);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Set<String>> nodes() {
            reads.incrementAndGet();
            return away
                    ? CompletableFuture.failedStage(new IOException("away"))
                    : CompletableFuture.completedStage(Set.copyOf(nodes));
        }
    }
}
