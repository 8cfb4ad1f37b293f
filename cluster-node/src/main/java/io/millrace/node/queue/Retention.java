package io.millrace.node.queue;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a queue lets go of what it need not keep: from time to time while it lives, and when it is woken for that.
 * What goes is hidden by a record of the queue's own first; then a snapshot is saved that needs none of it; then the log's
 * floor rises, and the buckets below it are deleted. A queue that ends in between goes on there when it comes up again.
 * Confined to the actor.
 */
final class Retention {
    private static final long NOT_TOLD = Long.MIN_VALUE;

    /** A queue at rest of which nothing can go is woken no more often, ms. */
    private static final long REST = Duration.ofDays(1).toMillis();

    private final QueueContext queue;
    private final ActorContext<QueueCommand> context;
    private final PurgedRecords purged;
    private @Nullable Oldest known;
    private boolean looking;
    private boolean again;
    private boolean standing;
    private boolean tended;
    private long told = NOT_TOLD;
    private volatile boolean untold;

    Retention(QueueContext queue, ActorContext<QueueCommand> context, PurgedRecords purged) {
        this.queue = queue;
        this.context = context;
        this.purged = purged;
    }

    /** The log was claimed and read: another owner may have left something unfinished, and may have told otherwise. */
    void recovered(QueueState state) {
        known = null;
        again = false;
        told = NOT_TOLD;
        standing = state.floor() == 0;
        time(state);
    }

    /** Who watches the time for queues at rest has asked. */
    void tend(@Nullable QueueState state) {
        tended = true;
        if (state != null) {
            time(state);
        }
    }

    /** Some time has passed. */
    void time(QueueState state) {
        if (untold) {
            untold = false;
            told = NOT_TOLD;
            tended = true;
        }
        purged.again();
        if (!standing) {
            context.pipeToSelf(
                    queue.old().standing(queue.log()),
                    (tail, failure) -> new QueueCommand.Standing(tail == null ? null : tail.orElse(null)));
        }
        look(state);
        if (!looking && (tended || told != NOT_TOLD)) {
            tell(state);
        }
    }

    /** Where the log begins. {@return a record that has the state saved, if what is gone could not be removed for want of it} */
    Optional<Cut> stands(QueueCommand.Standing found, QueueState state) {
        if (found.tail() == null || standing) {
            return Optional.empty();
        }
        standing = true;
        if (found.tail().floor() < state.floor()) {
            return Optional.of(Cut.nothing(state));
        } else if (found.tail().hasLeftovers()) {
            purged.remove(found.tail().floor());
        }
        return Optional.empty();
    }

    private void look(QueueState state) {
        long now = queue.clock().millis();
        if (!looking && dueAt(state, now) <= now) {
            looking = true;
            context.pipeToSelf(
                    queue.old().find(queue.log(), state, rule(state), now),
                    (oldest, failure) -> new QueueCommand.Aged(oldest));
        }
    }

    /** The oldest records were looked at. {@return what is to go} */
    Optional<Cut> aged(QueueCommand.Aged message, @Nullable QueueState state) {
        looking = false;
        Oldest oldest = message.oldest();
        if (oldest == null || state == null) {
            return Optional.empty(); // some time later
        }
        known = oldest;
        again = oldest.more();
        if (oldest.cut() == null) {
            tell(state);
        }
        return Optional.ofNullable(oldest.cut());
    }

    /** After a commit. */
    void committed(QueueState before, QueueState after) {
        boolean trimmed = after.floor() != before.floor();
        if (trimmed && again) {
            again = false;
            look(after);
        }
        if (!looking && (trimmed || told == NOT_TOLD) && after.exists()) {
            tell(after);
        }
    }

    /** Tells when this is to be looked at should the queue be at rest then: not each time it becomes a little later. */
    private void tell(QueueState state) {
        long now = queue.clock().millis();
        long due = plan(state, now);
        long slack = Math.max(queue.settings().retentionEvery().toMillis(), (due - now) / 10);
        if (tended || told == NOT_TOLD || due < told || due > told + slack) {
            tended = false;
            told = due;
            queue.plan().put(queue.name().value(), due).whenComplete((done, failure) -> untold |= failure != null);
        }
    }

    private long plan(QueueState state, long now) {
        RetentionRule rule = rule(state);
        long due = dueAt(state, now);
        long latest = due == Long.MAX_VALUE ? now + Math.max(rule.maxAge(), REST) : Math.max(due, now);
        return rule.maxBytes() == Long.MAX_VALUE ? latest : Math.min(latest, now + REST);
    }

    /** When something may go, ms since the epoch, not later; {@link Long#MAX_VALUE} as long as no bucket is full. */
    private long dueAt(QueueState state, long now) {
        if (state.first() == null || OldRecords.endOfFirst(state.floor()) > state.sequence()) {
            return Long.MAX_VALUE;
        }
        Oldest part = known;
        long newest = state.first().millis();
        long bytes = 0;
        if (part != null && part.floor() == state.floor() && part.keptUntil() != Oldest.UNKNOWN) {
            newest = part.keptUntil();
            bytes = part.keptBytes();
        }
        RetentionRule rule = rule(state);
        return rule.lets(newest, bytes, state.bytes(), now) ? now : newest + rule.maxAge();
    }

    private static RetentionRule rule(QueueState state) {
        return RetentionRule.of(state.config());
    }
}
