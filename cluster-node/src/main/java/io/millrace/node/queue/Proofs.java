package io.millrace.node.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * Questions whose answer is "there is nothing more than this", which only the log's owner may give. One that was cut off, or
 * stood still, may have a successor that it hasn't heard of; so each question waits for a proof that began after it came: a
 * commit, or a look at the log's epoch. Those that come together share one (the read index of Raft: Ongaro, Consensus, 2014,
 * 6.4).
 */
final class Proofs {
    /** Questions that may wait at a time. */
    static final int MAX_WAITING = 10_000;

    private List<QueueCommand> waiting = new ArrayList<>();
    private List<QueueCommand> riding = List.of();
    private List<QueueCommand> looking = List.of();

    /** False if too many wait already. */
    boolean ask(QueueCommand question) {
        return waiting.size() < MAX_WAITING && waiting.add(question);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && riding.isEmpty() && looking.isEmpty();
    }

    /** A commit begins: what waits by now is proven by it. */
    void commitBegins() {
        if (riding.isEmpty()) {
            riding = take();
        }
    }

    /** The commit is durable. {@return the questions that it proves} */
    List<QueueCommand> committed() {
        List<QueueCommand> proven = riding;
        riding = List.of();
        return proven;
    }

    /** Whether to begin a look now: something waits that no look under way proves. */
    boolean lookBegins() {
        if (waiting.isEmpty() || !looking.isEmpty()) {
            return false;
        }
        looking = take();
        return true;
    }

    /** The look has ended. {@return the questions that waited for it} */
    List<QueueCommand> looked() {
        List<QueueCommand> asked = looking;
        looking = List.of();
        return asked;
    }

    /** The log is lost. {@return all questions} */
    List<QueueCommand> drain() {
        List<QueueCommand> all = new ArrayList<>(looking);
        all.addAll(riding);
        all.addAll(waiting);
        waiting = new ArrayList<>();
        riding = List.of();
        looking = List.of();
        return all;
    }

    private List<QueueCommand> take() {
        List<QueueCommand> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }
}
