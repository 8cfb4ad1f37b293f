package io.millrace.node.queue;

import io.millrace.node.queue.QueueCommand.Request;
import io.millrace.protocol.ProblemType;
import java.util.List;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The questions that wait for a proof, and the looks at the log that prove them. */
final class Questions {
    private final ActorContext<QueueCommand> context;
    private final QueueContext queue;
    private final Proofs proofs = new Proofs();
    private long term;

    Questions(ActorContext<QueueCommand> context, QueueContext queue) {
        this.context = context;
        this.queue = queue;
    }

    boolean isEmpty() {
        return proofs.isEmpty();
    }

    /** Takes a question, or refuses it. */
    void ask(QueueCommand question) {
        if (!proofs.ask(question)) {
            refuse(List.of(question), ProblemType.TOO_MANY_REQUESTS, "too many ask for the queue's tail");
        }
    }

    void commitBegins() {
        proofs.commitBegins();
    }

    /** {@return what the commit that has become durable proves} */
    List<QueueCommand> committed() {
        return proofs.committed();
    }

    /** Has the log looked at if something waits; {@link QueueCommand.Looked} comes back. */
    void look() {
        if (proofs.lookBegins()) {
            long now = term;
            context.pipeToSelf(
                    queue.ownership().holds(queue.log()), (holds, failure) -> new QueueCommand.Looked(now, holds));
        }
    }

    /** {@return what waited for a look; nothing if the log has failed since, and who asked has been told} */
    List<QueueCommand> looked(QueueCommand.Looked looked) {
        return looked.term() == term ? proofs.looked() : List.of();
    }

    /** The log is lost, or about to be left. */
    void refuseAll(String why) {
        term++;
        refuse(proofs.drain(), ProblemType.UNAVAILABLE, why);
    }

    /** A bot that isn't answered asks again by itself. */
    static void refuse(List<QueueCommand> questions, ProblemType type, String detail) {
        for (QueueCommand question : questions) {
            if (question instanceof Request request) {
                CommitLine.refuse(request, type, detail);
            }
        }
    }
}
