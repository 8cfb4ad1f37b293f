package io.millrace.node.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Questions that are answered from memory, which only the log's owner may do: "there is nothing more than this", "your lease
 * goes on". One that was cut off, or stood still, may have a successor that it hasn't heard of; so each question waits for a
 * proof that began after it came: a commit, or a look at the log's epoch. Those that come together share one (the read index
 * of Raft: Ongaro, Consensus, 2014, 6.4).
 */
final class Proofs<Q> {
    /** Questions that may wait at a time. */
    static final int MAX_WAITING = 10_000;

    private List<Q> waiting = new ArrayList<>();
    private List<Q> riding = List.of();
    private List<Q> looking = List.of();

    /** False if too many wait already. */
    boolean ask(Q question) {
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
    List<Q> committed() {
        List<Q> proven = riding;
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
    List<Q> looked() {
        List<Q> asked = looking;
        looking = List.of();
        return asked;
    }

    /** The log is lost. {@return all questions} */
    List<Q> drain() {
        List<Q> all = new ArrayList<>(looking);
        all.addAll(riding);
        all.addAll(waiting);
        waiting = new ArrayList<>();
        riding = List.of();
        looking = List.of();
        return all;
    }

    private List<Q> take() {
        List<Q> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }
}
