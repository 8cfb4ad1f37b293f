package io.millrace.node.bot;

import io.millrace.node.application.Ticker;
import io.millrace.node.log.LogOwnership;
import io.millrace.node.run.RunLauncher;
import io.millrace.node.settings.BotSettings;
import io.millrace.protocol.BotId;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;

/** Where bots live: each is one entity somewhere in the cluster, and is brought up by whatever is sent to it. */
final class BotShards {
    private static final EntityTypeKey<BotCommand> TYPE = EntityTypeKey.create(BotCommand.class, "bot");

    private static final Duration PRUNE_EVERY = Duration.ofMinutes(1);

    /** More than a shard's hand-off may take; less than its phase of the shutdown. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(9);

    private final ActorSystem<?> system;
    private final ClusterSharding sharding;

    private BotShards(ActorSystem<?> system) {
        this.system = system;
        this.sharding = ClusterSharding.get(system);
    }

    /** Has this node take its share of the bots. */
    static BotShards start(
            ActorSystem<?> system,
            BotSettings settings,
            LogOwnership ownership,
            TriggerQueues triggers,
            SchedulePlan plan,
            RunLauncher launcher,
            ReplayWork replays,
            Consumer<String> letters,
            BotRecords records,
            Clock clock,
            Ticker ticker,
            BotMetrics metrics) {
        String node = Cluster.get(system).selfMember().address().toString();
        BotShards shards = new BotShards(system);
        system.scheduler()
                .scheduleWithFixedDelay(PRUNE_EVERY, PRUNE_EVERY, metrics.lag()::prune, system.executionContext());
        ActorRef<?> region = shards.sharding.init(Entity.of(
                        TYPE,
                        entity -> BotActor.create(new BotContext(
                                new BotId(entity.getEntityId()),
                                node,
                                "bot|" + entity.getEntityId(),
                                ownership,
                                settings,
                                clock,
                                ticker,
                                triggers,
                                plan,
                                launcher,
                                replays,
                                letters,
                                records,
                                () -> UUID.randomUUID().toString(),
                                metrics,
                                self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self)),
                                shards::tell,
                                message -> shards.tellSuccessor(entity.getEntityId(), message))))
                .withStopMessage(BotCommand.Stop.STOP));
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseBeforeClusterShutdown(), "bots", () -> stopped(region));
        return shards;
    }

    /**
     * Bots leave a node that ends before its queues do. Sharding would stop both at once, and what runs still have under
     * way would be kept for queues that are gone, which holds up the end of their region by all of its time limit.
     */
    private static CompletionStage<Done> stopped(ActorRef<?> region) {
        return Patterns.gracefulStop(Adapter.toClassic(region), STOP_LIMIT, ShardRegion.gracefulShutdownInstance())
                .handle((stopped, late) -> Done.getInstance());
    }

    private void tellSuccessor(String bot, BotCommand message) {
        // A node that ends with nobody beside it has no successor: the message would only hold up its end.
        Cluster cluster = Cluster.get(system);
        boolean ends = CoordinatedShutdown.get(system).getShutdownReason().isPresent();
        boolean alone = true;
        for (Member member : cluster.state().getMembers()) {
            alone &= member.uniqueAddress().equals(cluster.selfMember().uniqueAddress())
                    || !member.status().equals(MemberStatus.up());
        }
        if (!(ends && alone)) {
            tell(bot, message);
        }
    }

    /** Sends a message, which may get lost. */
    void tell(String bot, BotCommand message) {
        sharding.entityRefFor(TYPE, bot).tell(message);
    }

    /** Sends a request; fails if no answer comes in time. */
    CompletionStage<BotReply> ask(String bot, Duration timeout, Function<ActorRef<BotReply>, BotCommand> request) {
        return sharding.entityRefFor(TYPE, bot).ask(request::apply, timeout);
    }
}
