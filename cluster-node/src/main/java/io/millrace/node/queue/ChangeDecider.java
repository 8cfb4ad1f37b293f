package io.millrace.node.queue;

import io.millrace.node.application.ETags;
import io.millrace.node.queue.QueueCommand.Request;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.QueueConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides about every request but appends and reads: the records to journal, none where nothing changes, and the reply. Pure. */
final class ChangeDecider {
    /**
     * What a request comes to.
     *
     * @param reply from the state that results
     */
    record Change(List<QueueEvent> records, Function<QueueState, QueueReply> reply) {}

    private ChangeDecider() {}

    static Change decide(QueueName queue, QueueState state, Request request, long now) {
        if (request instanceof QueueCommand.Describe) {
            return new Change(List.of(), after -> info(queue, after, false));
        } else if (request instanceof QueueCommand.GetProducer get) {
            return new Change(
                    List.of(),
                    after -> QueueView.producer(after, get.producer(), now)
                            .<QueueReply>map(QueueReply.ProducerFound::new)
                            .orElse(notFound("the queue doesn't know the producer")));
        } else if (request instanceof QueueCommand.Configure configure) {
            return configure(queue, state, configure, now);
        } else if (request instanceof QueueCommand.Archive archive) {
            return new Change(
                    state.exists() ? archive(state, archive.purge(), now) : List.of(),
                    after -> info(queue, after, false));
        } else if (request instanceof QueueCommand.Subscribe subscribe) {
            return new Change(subscribe(state, subscribe.bot()), after -> new QueueReply.Done());
        } else if (request instanceof QueueCommand.Unsubscribe unsubscribe) {
            return new Change(unsubscribe(state, unsubscribe.bot()), after -> new QueueReply.Done());
        } else if (request instanceof QueueCommand.Fence fence) {
            return new Change(fence(state, fence), after -> new QueueReply.Done());
        } else if (request instanceof QueueCommand.Trim trim) {
            return new Change(trim(state, trim.cut(), now), after -> new QueueReply.Done());
        }
        throw new AssertionError("no rule to decide " + request);
    }

    /** What a reader or a bot asks for; only a proven owner says it. */
    static QueueReply tail(QueueState state) {
        return new QueueReply.Tail(
                state.first() == null ? null : state.last(),
                state.ordinal(),
                state.ordinal() - state.floorOrdinal(),
                state.floor(),
                state.sequence());
    }

    private static QueueReply info(QueueName queue, QueueState state, boolean created) {
        return state.exists()
                ? new QueueReply.Info(QueueView.info(queue.value(), state), state.version(), created)
                : notFound("there is no such queue");
    }

    private static QueueReply notFound(String detail) {
        return new QueueReply.Refused(Problem.of(ProblemType.NOT_FOUND, detail));
    }

    private static Change configure(QueueName queue, QueueState state, QueueCommand.Configure configure, long now) {
        String ifMatch = configure.ifMatch();
        if (ifMatch != null && !(state.exists() && ETags.matches(ifMatch, state.version()))) {
            return new Change(
                    List.of(),
                    after -> new QueueReply.Refused(Problem.of(
                            ProblemType.PRECONDITION_FAILED, "the queue's entity tag is not the given one")));
        }
        QueueConfig config = merge(state.config(), configure.config());
        boolean changes = !state.exists() || state.archived() || !config.equals(state.config());
        boolean creates = !state.exists();
        return new Change(
                changes ? List.of(new QueueEvent.Configured(now, state.last(), state.ordinal(), config)) : List.of(),
                after -> info(queue, after, creates));
    }

    private static QueueConfig merge(QueueConfig old, QueueConfig change) {
        return new QueueConfig(
                or(change.description(), old.description()),
                or(change.owner(), old.owner()),
                or(change.tags(), old.tags()),
                or(change.paused(), old.paused()),
                or(change.retention(), old.retention()));
    }

    private static <T> @Nullable T or(@Nullable T value, @Nullable T otherwise) {
        return value == null ? otherwise : value;
    }

    private static List<QueueEvent> archive(QueueState state, boolean purge, long now) {
        List<QueueEvent> records = new ArrayList<>();
        if (!state.archived()) {
            records.add(new QueueEvent.Archived(now, state.last(), state.ordinal()));
        }
        if (purge && state.first() != null) {
            records.add(new QueueEvent.Purged(now, state.last(), state.ordinal()));
        }
        return records;
    }

    private static List<QueueEvent> subscribe(QueueState state, String bot) {
        return state.subscribers().contains(bot)
                ? List.of()
                : List.of(new QueueEvent.Subscribed(state.last(), state.ordinal(), bot));
    }

    private static List<QueueEvent> fence(QueueState state, QueueCommand.Fence fence) {
        return state.isFenced(fence.bot(), fence.generation(), fence.epoch())
                ? List.of()
                : List.of(new QueueEvent.Fenced(
                        state.last(), state.ordinal(), fence.bot(), fence.generation(), fence.epoch()));
    }

    /** Nothing where it was found at another floor: it is looked for again. */
    private static List<QueueEvent> trim(QueueState state, Cut cut, long now) {
        return cut.fits(state)
                ? List.of(new QueueEvent.Trimmed(
                        now,
                        state.last(),
                        state.ordinal(),
                        cut.floor(),
                        cut.floorOrdinal(),
                        cut.gone(),
                        cut.first(),
                        cut.bytes()))
                : List.of();
    }

    private static List<QueueEvent> unsubscribe(QueueState state, String bot) {
        return state.subscribers().contains(bot)
                ? List.of(new QueueEvent.Unsubscribed(state.last(), state.ordinal(), bot))
                : List.of();
    }
}
