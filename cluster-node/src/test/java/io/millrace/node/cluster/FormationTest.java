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
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
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

    @Test
    void nodesThatFindEachOtherFormOneCluster() throws Exception {
        List<Map<String, Object>> endpoints = endpoints(3);
        List<ActorSystem<Void>> nodes =
                List.of(finder(endpoints, 0, 2), finder(endpoints, 1, 2), finder(endpoints, 2, 2));

        for (ActorSystem<Void> node : nodes) {
            awaitMembers(node, 3);
        }
        await().atMost(WAIT).until(() -> roll.nodes.size() == 3);
    }

    @Test
    void nodesThatFindEachOtherFormNoClusterWhileOthersStandOnTheRoll() throws Exception {
        roll.nodes.add("pekko://millrace@127.0.0.9:7355");
        ActorSystem<Void> alone = finder(endpoints(1), 0, 1);

        await().atMost(WAIT).until(() -> roll.reads.get() >= 3);
        assertThat(Cluster.get(alone).selfMember().status()).isNotEqualTo(MemberStatus.up());

        roll.nodes.clear();
        awaitMembers(alone, 1);
    }

    @Test
    void nodesThatFindEachOtherFormNoClusterWhileTheRollCannotBeRead() throws Exception {
        roll.away = true;
        ActorSystem<Void> alone = finder(endpoints(1), 0, 1);

        await().atMost(WAIT).until(() -> roll.reads.get() >= 3);
        assertThat(Cluster.get(alone).selfMember().status()).isNotEqualTo(MemberStatus.up());

        roll.away = false;
        awaitMembers(alone, 1);
    }

    private static List<Map<String, Object>> endpoints(int count) throws IOException {
        List<Map<String, Object>> endpoints = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String host = "127.0.0." + i;
            endpoints.add(Map.of("host", host, "port", FreePort.find(host)));
        }
        return endpoints;
    }

    /** A node that finds the others by a list of what they tell each other, not by their remoting. */
    private ActorSystem<Void> finder(List<Map<String, Object>> endpoints, int index, int required) {
        NodeSettings settings = NodeSettings.read(Map.of(
                "millrace.cluster.host",
                endpoints.get(index).get("host"),
                "millrace.cluster.bootstrap.port",
                endpoints.get(index).get("port"),
                "millrace.cluster.bootstrap.method",
                "config",
                "millrace.cluster.bootstrap.required-nodes",
                required,
                "millrace.cluster.bootstrap.stable",
                "1 s",
                "pekko.discovery.config.services.millrace.endpoints",
                endpoints));
        return start(settings);
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
        return start(settings);
    }

    private ActorSystem<Void> start(NodeSettings settings) {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "millrace",
                ActorSystemSetup.create(new RollSetup(roll), BootstrapSetup.create(settings.pekko())));
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
