package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a bus, as one of them sees them.
 *
 * @param members the oldest first
 * @param entity where a queue or a bot lives, if that was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterInfo(List<Member> members, @Nullable Entity entity) {

    /**
     * A node.
     *
     * @param node its name in the cluster, as in {@link BotInfo.Run}
     * @param host where other nodes reach it
     * @param http the address of its API, unless its port was left to the operating system
     * @param status {@code joining}, {@code weaklyup}, {@code up}, {@code leaving}, {@code exiting} or {@code down}
     * @param oldest whether the singletons of the cluster live on it
     * @param leader whether it decides on changes of membership
     * @param unreachable whether it has fallen silent
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(
            String node,
            String host,
            @Nullable String http,
            String status,
            boolean oldest,
            boolean leader,
            boolean unreachable) {}

    /**
     * A queue or a bot.
     *
     * @param kind {@code queue} or {@code bot}
     * @param name its name
     * @param shard the shard that everything of that name belongs to
     * @param node where that shard lives; null while nobody of it is in memory
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entity(
            String kind,
            String name,
            String shard,
            @Nullable String node) {}
}
