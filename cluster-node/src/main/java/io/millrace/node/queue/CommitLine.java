package io.millrace.node.queue;

import io.millrace.node.queue.QueueCommand.Request;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The line of changes before the log: one commit at a time, and what comes meanwhile gathers (design D7). */
final class CommitLine {
    private final QueueContext queue;
    private final QueueLog log;
    private final Backlog backlog;
    private @Nullable Commit underWay;

    CommitLine(QueueContext queue, QueueLog log) {
        this.queue = queue;
        this.log = log;
        backlog =
                new Backlog(queue.settings().maxWaitingBytes(), queue.settings().commitBytes());
    }

    /** False if there is no room. */
    boolean offer(Request request) {
        return backlog.offer(request, queue.ticker().millis());
    }

    /** Whether nothing is under way and nothing waits. */
    boolean isAtRest() {
        return underWay == null && backlog.isEmpty();
    }

    /** Whether something is on its way to the log. */
    boolean isCommitting() {
        return underWay != null;
    }

    /** Whether appends wait for their predecessors. */
    boolean hasEarly() {
        return backlog.hasEarly();
    }

    /** Works through the line until something must become durable first. */
    void proceed(QueueState state) {
        while (underWay == null && backlog.hasNext()) {
            Request change = backlog.nextChange();
            long now = queue.clock().millis();
            Commit commit = change != null
                    ? Commit.of(queue.name(), state, change, now)
                    : Commit.of(queue.name(), state, backlog.nextAppends(), now);
            // Kept at once: they are answered in time whatever becomes of the commit.
            commit.early().forEach(backlog::keepEarly);
            if (commit.isEmpty()) {
                finish(commit, state);
            } else {
                underWay = commit;
                log.commit(commit.records());
            }
        }
    }

    /** The name that the commit under way waits for is registered, or could not be. */
    void registered(QueueCommand.Registered message) {
        Commit commit = underWay;
        if (commit == null || commit.records() != message.records()) {
            return; // it was given up meanwhile
        }
        if (message.done()) {
            log.registered(commit.records());
        } else {
            underWay = null;
            commit.refuse(ProblemType.UNAVAILABLE, "the queue's name could not be registered; try again");
        }
    }

    /** The commit under way is durable: its requests are answered. {@return it} */
    Commit persisted(QueueState after) {
        Commit commit = underWay;
        if (commit == null) {
            throw new AssertionError("nothing was to persist");
        }
        underWay = null;
        finish(commit, after);
        return commit;
    }

    private void finish(Commit commit, QueueState after) {
        commit.answer(after);
        if (commit.tookOrdered()) {
            backlog.retryEarly();
        }
    }

    /** What became of the commit under way isn't known; what waits is refused. {@return that commit, if there was one} */
    Optional<Commit> failed() {
        Optional<Commit> unknown = Optional.ofNullable(underWay);
        underWay = null;
        unknown.ifPresent(commit -> commit.refuse(
                ProblemType.UNKNOWN_OUTCOME, "it is not known whether it was done; repeat it with the same sequence"));
        refuseWaiting("the queue's storage or owner is away; try again");
        return unknown;
    }

    /** Refuses all that waits. */
    void refuseWaiting(String why) {
        refuse(backlog.drain(), ProblemType.UNAVAILABLE, why);
    }

    /** Refuses the appends that wait for their predecessors. */
    void refuseEarly(String why) {
        refuse(backlog.expired(Long.MAX_VALUE), ProblemType.UNAVAILABLE, why);
    }

    /** Removes and gives the appends that have waited for their predecessors for too long. */
    List<QueueCommand> expiredEarly() {
        return backlog.expired(queue.ticker().millis()).stream()
                .<QueueCommand>map(Backlog.Waiting::command)
                .toList();
    }

    private static void refuse(List<Backlog.Waiting> waiting, ProblemType type, String detail) {
        waiting.forEach(each -> refuse(each.command(), type, detail));
    }

    static void refuse(Request request, ProblemType type, String detail) {
        request.replyTo().tell(new QueueReply.Refused(Problem.of(type, detail)));
    }
}
