package io.millrace.client.internal;

import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that a client may use. Any node serves any request, so it stays with one, whose connections are warm, until
 * that one fails it, and then goes to the next in the list.
 */
final class Endpoints {
    private final List<URI> nodes;
    private final AtomicInteger current;

    /** @param nodes at least one; many clients that are given the same list begin at different ones */
    Endpoints(List<URI> nodes) {
        this.nodes = List.copyOf(nodes);
        this.current = new AtomicInteger(ThreadLocalRandom.current().nextInt(this.nodes.size()));
    }

    /** {@return where the next attempt goes} */
    URI current() {
        return nodes.get(current.get());
    }

    /** Goes on to the next node, unless another attempt that failed has done so already. */
    void failed(URI node) {
        int index = nodes.indexOf(node);
        current.compareAndSet(index, (index + 1) % nodes.size());
    }

    int count() {
        return nodes.size();
    }

    /** {@return the node of that address, or null if it is none of these} */
    @Nullable
    URI known(String address) {
        return nodes.stream()
                .filter(node -> node.toString().equals(address))
                .findFirst()
                .orElse(null);
    }

    @Override
    public String toString() {
        return nodes.size() == 1 ? nodes.get(0).toString() : "any of " + nodes;
    }
}
