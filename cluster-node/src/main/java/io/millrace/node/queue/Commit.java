package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.node.queue.QueueCommand.AppendEvents;
import io.millrace.node.queue.QueueCommand.Request;
import io.millrace.node.queue.QueueDecision.Verdict;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Records on their way to the log, and what is answered to whom once they are durable.
 *
 * @param records empty where there is nothing to make durable
 * @param answers what to do with the state that results
 * @param requests who is told if it fails
 * @param early appends that were too early to be decided
 * @param tookOrdered whether appends were taken that early ones may have waited for
 */
record Commit(
        List<QueueEvent> records,
        List<Consumer<QueueState>> answers,
        List<Request> requests,
        List<Backlog.Waiting> early,
        boolean tookOrdered) {

    /** Decides about appends that came together. */
    static Commit of(QueueName queue, QueueState state, List<Backlog.Waiting> appends, long now) {
        List<AppendEvents> commands = appends.stream()
                .map(waiting -> (AppendEvents) waiting.command())
                .toList();
        QueueDecision decision = AppendDecider.decide(
                queue, state, commands.stream().map(AppendEvents::append).toList(), now);
        List<Consumer<QueueState>> answers = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        List<Backlog.Waiting> early = new ArrayList<>();
        boolean took = false;
        for (int i = 0; i < commands.size(); i++) {
            AppendEvents command = commands.get(i);
            Verdict verdict = decision.verdicts().get(i);
            if (verdict instanceof Verdict.Early) {
                early.add(appends.get(i));
                continue;
            }
            requests.add(command);
            QueueReply reply = reply(verdict);
            took |= verdict instanceof Verdict.Taken && isOrdered(command.append());
            answers.add(state2 -> command.replyTo().tell(reply));
        }
        return new Commit(
                decision.records(),
                answers,
                requests,
                early,
                took && !decision.records().isEmpty());
    }

    private static boolean isOrdered(Append append) {
        return append.sequence() != null || append.run() != null;
    }

    private static QueueReply reply(Verdict verdict) {
        if (verdict instanceof Verdict.Taken taken) {
            return new QueueReply.Taken(taken.result());
        }
        if (verdict instanceof Verdict.Refused refused) {
            return new QueueReply.Refused(refused.problem());
        }
        throw new AssertionError("no reply for " + verdict);
    }

    /** Decides about any other request. */
    static Commit of(QueueName queue, QueueState state, Request request, long now) {
        ChangeDecider.Change change = ChangeDecider.decide(queue, state, request, now);
        return new Commit(
                change.records(),
                List.of(after -> request.replyTo().tell(change.reply().apply(after))),
                List.of(request),
                List.of(),
                false);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** The last id that is given once it is durable. */
    EventId last() {
        return records.get(records.size() - 1).last();
    }

    long bytes() {
        return records.stream()
                .mapToLong(record -> record instanceof QueueEvent.Appended appended ? appended.bytes() : 0)
                .sum();
    }

    /** The bots that wrote, each once. */
    Stream<String> writers() {
        return records.stream()
                .filter(QueueEvent.Appended.class::isInstance)
                .flatMap(record -> ((QueueEvent.Appended) record).takes().stream())
                .filter(take -> take.writer() != null && take.events() > 0)
                .map(QueueEvent.Take::writer)
                .distinct();
    }

    void answer(QueueState after) {
        answers.forEach(answer -> answer.accept(after));
    }

    void refuse(ProblemType type, String detail) {
        QueueReply.Refused refused = new QueueReply.Refused(Problem.of(type, detail));
        requests.forEach(request -> request.replyTo().tell(refused));
    }
}
