package io.millrace.node.cluster;

import io.millrace.node.application.ClusterView;
import io.millrace.node.application.Outcome;
import io.millrace.node.settings.NodeSettings;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.ClusterInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/** Members as this node has heard of them; where an entity lives from the statistics of sharding, which wake nobody. */
public final class Members implements ClusterView {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration REGIONS_LIMIT = Duration.ofMillis(1_700);

    private final ActorSystem<?> system;
    private final Cluster cluster;
    private final HashCodeMessageExtractor<Object> shards;

    public Members(ActorSystem<?> system) {
        this.system = system;
        this.cluster = Cluster.get(system);
        this.shards = new HashCodeMessageExtractor<>(
                ClusterShardingSettings.create(system).numberOfShards());
    }

    @Override
    public CompletionStage<Outcome<ClusterInfo>> members() {
        return CompletableFuture.completedStage(Outcome.done(info(null)));
    }

    @Override
    public CompletionStage<Outcome<ClusterInfo>> locate(QueueName queue) {
        return locate("queue", queue.value());
    }

    @Override
    public CompletionStage<Outcome<ClusterInfo>> locate(BotId bot) {
        return locate("bot", bot.value());
    }

    private CompletionStage<Outcome<ClusterInfo>> locate(String kind, String name) {
        EntityTypeKey<Object> type = EntityTypeKey.create(Object.class, kind);
        String shard = shards.shardId(name);
        return AskPattern.<Object, ShardRegion.ClusterShardingStats>ask(
                        ClusterSharding.get(system).shardState().unsafeUpcast(),
                        replyTo -> new GetClusterShardingStats(type, REGIONS_LIMIT, replyTo),
                        LIMIT,
                        system.scheduler())
                .handle((stats, late) -> stats == null || stats.getRegions().isEmpty()
                        ? Outcome.refused(
                                ProblemType.UNAVAILABLE,
                                "where it lives can't be told while a node is silent or shards are moving; try again")
                        : Outcome.done(info(new ClusterInfo.Entity(kind, name, shard, owner(stats, shard)))));
    }

    private static @Nullable String owner(ShardRegion.ClusterShardingStats stats, String shard) {
        return stats.getRegions().entrySet().stream()
                .filter(region -> region.getValue().getStats().containsKey(shard))
                .map(Map.Entry::getKey)
                .map(Address::toString)
                .findFirst()
                .orElse(null);
    }

    private ClusterInfo info(ClusterInfo.@Nullable Entity entity) {
        CurrentClusterState state = cluster.state();
        Set<Member> unreachable = new HashSet<>(state.getUnreachable());
        List<Member> members = new ArrayList<>();
        state.getMembers().forEach(members::add);
        members.sort((one, other) -> one.equals(other) ? 0 : one.isOlderThan(other) ? -1 : 1);
        Member oldest = members.isEmpty() ? null : members.get(0);
        return new ClusterInfo(
                members.stream()
                        .map(member -> new ClusterInfo.Member(
                                member.address().toString(),
                                member.address().getHost().orElse(""),
                                http(member),
                                member.status().toString().toLowerCase(Locale.ROOT),
                                member.equals(oldest),
                                member.address().equals(state.getLeader()),
                                unreachable.contains(member)))
                        .toList(),
                entity);
    }

    private static @Nullable String http(Member member) {
        return member.getRoles().stream()
                .filter(role -> role.startsWith(NodeSettings.HTTP_ROLE) || role.startsWith(NodeSettings.HTTPS_ROLE))
                .map(role -> role.replaceFirst("=", "://"))
                .findFirst()
                .orElse(null);
    }
}
