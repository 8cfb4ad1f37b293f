package io.millrace.client.internal;

import io.millrace.protocol.http.ClusterInfo;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which node a queue lives on, as far as it is known. Any node takes an append, but one that isn't the owner hands it on,
 * and its body is then read, copied and sent twice ({@code cluster-node/RATIONALE.md}): a third more CPU an event. So of a
 * queue that is written to often the bus is asked where it lives. A wrong answer costs that third, nothing else.
 *
 * <p>Only nodes that the client was given are used: what others call themselves may not be reachable from here.
 */
final class Owners {
    /** After so many appends to a queue it is asked for: one of a few isn't worth a question. */
    private static final int WORTH_ASKING = 4;

    /** Queues move when nodes come and go. */
    private static final Duration STALE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of so many queues it is remembered; past that all is forgotten and learned again. */
    private static final int MOST_QUEUES = 10_000;

    private final Transport transport;
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    Owners(Transport transport) {
        this.transport = transport;
    }

    private static final class Place {
        private final AtomicInteger uses = new AtomicInteger();
        private volatile @Nullable URI owner;
        private volatile long askedAt = System.nanoTime() - STALE.toNanos();

        boolean isToBeAsked() {
            return uses.incrementAndGet() >= WORTH_ASKING && System.nanoTime() - askedAt >= STALE.toNanos();
        }
    }

    /** {@return the owner's address, or null while it isn't known or isn't one of ours} */
    @Nullable
    URI of(String queue) {
        if (transport.endpoints().count() == 1) {
            return null;
        }
        Place place = places.get(queue);
        if (place == null) {
            if (places.size() >= MOST_QUEUES) {
                places.clear();
            }
            place = places.computeIfAbsent(queue, name -> new Place());
        }
        if (place.isToBeAsked()) {
            ask(queue, place);
        }
        return place.owner;
    }

    /** A node didn't serve a queue: somebody else may by now. */
    void failed(String queue, URI node) {
        Place place = places.get(queue);
        if (place != null && node.equals(place.owner)) {
            place.owner = null;
        }
    }

    private void ask(String queue, Place place) {
        place.askedAt = System.nanoTime();
        place.uses.set(0);
        Futures.onDone(transport.send(Call.of("GET", "/v1/cluster?queue=" + queue, PATIENCE)), (answer, failure) -> {
            if (failure == null && answer.isOk()) {
                place.owner = owner(answer);
            }
        });
    }

    private @Nullable URI owner(Answer answer) {
        try {
            ClusterInfo cluster = Wire.read(answer.body(), ClusterInfo.class);
            String node = cluster.entity() == null ? null : cluster.entity().node();
            return cluster.members().stream()
                    .filter(member -> member.node().equals(node) && !member.unreachable())
                    .map(ClusterInfo.Member::http)
                    .filter(Objects::nonNull)
                    .map(transport.endpoints()::known)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        } catch (IllegalArgumentException e) {
            return null; // an answer of something else that listens there
        }
    }
}
