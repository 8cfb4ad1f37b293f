package io.millrace.node.log;

import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The questions that wait for a proof that the log is still this owner's, and the looks at the log that prove them. Confined
 * to the front actor, whose messages are of type {@code M}.
 */
public final class Questions<M, Q> {
    private final ActorContext<M> context;
    private final String log;
    private final LogOwnership ownership;
    private final Function<Look, M> message;
    private final Proofs<Q> proofs = new Proofs<>();
    private long term;

    /** @param message how the front actor hears that a look has ended */
    public Questions(ActorContext<M> context, String log, LogOwnership ownership, Function<Look, M> message) {
        this.context = context;
        this.log = log;
        this.ownership = ownership;
        this.message = message;
    }

    /** {@return whether no question waits} */
    public boolean isEmpty() {
        return proofs.isEmpty();
    }

    /** Takes a question. {@return false if too many wait} */
    public boolean ask(Q question) {
        return proofs.ask(question);
    }

    /** A commit begins: it will prove what waits by now. */
    public void commitBegins() {
        proofs.commitBegins();
    }

    /** {@return what the commit that has become durable proves} */
    public List<Q> committed() {
        return proofs.committed();
    }

    /** Has the log looked at if something waits; one look at a time. */
    public void look() {
        if (proofs.lookBegins()) {
            long now = term;
            context.pipeToSelf(ownership.holds(log), (holds, failure) -> message.apply(new Look(now, holds)));
        }
    }

    /** {@return what waited for a look; nothing if the log has failed since, and who asked has been told} */
    public List<Q> looked(Look look) {
        return look.term() == term ? proofs.looked() : List.of();
    }

    /** The log is lost, or about to be left. {@return all questions, which are to be refused} */
    public List<Q> drain() {
        term++;
        return proofs.drain();
    }
}
