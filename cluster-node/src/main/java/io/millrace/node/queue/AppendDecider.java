package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.node.queue.QueueDecision.Verdict;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.http.AppendResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides about appends that came together, against the state that all commits so far have made: which are taken, which
 * are repetitions, which are refused. Pure but for its own working copy of the state; used for one decision.
 */
final class AppendDecider {
    private final QueueName queue;
    private final long now;
    private final RecordPacker packer;
    private QueueState state;

    private AppendDecider(QueueName queue, QueueState state, long now) {
        this.queue = queue;
        this.state = state;
        this.now = now;
        this.packer = new RecordPacker(queue, state, now);
    }

    /** @param now ms since the epoch */
    static QueueDecision decide(QueueName queue, QueueState state, List<Append> appends, long now) {
        AppendDecider decider = new AppendDecider(queue, state, now);
        Verdict[] verdicts = new Verdict[appends.size()];
        boolean progress = true;
        // An early append may follow its predecessors within the same batch, whatever order they came in.
        while (progress) {
            progress = false;
            for (int i = 0; i < verdicts.length; i++) {
                if (verdicts[i] == null || verdicts[i] instanceof Verdict.Early) {
                    Verdict verdict = decider.decide(appends.get(i));
                    progress |= verdicts[i] != null && !(verdict instanceof Verdict.Early);
                    progress |= verdicts[i] == null && verdict instanceof Verdict.Early;
                    verdicts[i] = verdict;
                }
            }
        }
        return new QueueDecision(decider.packer.finish(), Arrays.asList(verdicts));
    }

    private Verdict decide(Append append) {
        RunRef run = append.run();
        if (run != null) {
            Marks marks = state.marks().get(run.bot().value());
            if (run.deadline().toEpochMilli() <= now
                    || (marks != null && marks.isStale(run.generation(), run.epoch()))) {
                return refuse(ProblemType.STALE_RUN, "the run's lease has ended or the run was replaced");
            }
            if ((marks == null ? Marks.NONE : marks).sourcesAfter(run.generation(), append.parents())
                    > Marks.MAX_SOURCES) {
                return refuse(
                        ProblemType.CONFLICT,
                        "the bot's output here comes from more than " + Marks.MAX_SOURCES + " queues");
            }
            if (marks == null && state.marks().size() >= QueueState.MAX_WRITERS) {
                return refuse(
                        ProblemType.CONFLICT,
                        "more than " + QueueState.MAX_WRITERS + " bots have written to the queue");
            }
        }
        if (run != null && isAhead(append, run)) {
            return new Verdict.Early(append);
        }
        Append.Sequence sequence = append.sequence();
        if (sequence == null) {
            return state.archived() ? archived() : take(append, null);
        }
        Producer producer = producer(sequence.producer().value());
        long number = sequence.number();
        Long content = sequence.content();
        long hash = content == null ? Append.content(append.blocks()) : content;
        if (number <= producer.last()) {
            return repeat(producer.answer(number), hash);
        }
        if (state.archived()) {
            return archived();
        }
        if (number == producer.last() + 1) {
            return take(append, new QueueEvent.Sequence(sequence.producer().value(), number, hash));
        }
        return number <= producer.last() + Limits.SEQUENCE_WINDOW
                ? new Verdict.Early(append)
                : refuse(ProblemType.SEQUENCE_GAP, "the sequence that comes next is " + (producer.last() + 1));
    }

    /** Whether the run has sent something before it that has not come yet. */
    private boolean isAhead(Append append, RunRef run) {
        Append.Follows before = append.follows();
        if (before == null) {
            return false;
        }
        EventId mark = marks(run).position(run.generation(), before.source());
        return mark == null || before.position().isAfter(mark);
    }

    private static Verdict archived() {
        return refuse(ProblemType.QUEUE_ARCHIVED, "the queue takes no events since it was archived");
    }

    private Producer producer(String name) {
        Producer producer = state.producers().getOrDefault(name, Producer.NEW);
        return producer.isForgotten(now) ? Producer.NEW : producer;
    }

    private Verdict repeat(Optional<Producer.Answer> before, long hash) {
        if (before.isEmpty()) {
            return refuse(ProblemType.SEQUENCE_CONFLICT, "the sequence was taken too long ago to know its content");
        }
        Producer.Answer answer = before.get();
        return answer.hash() == hash
                ? new Verdict.Taken(new AppendResult(
                        queue.value(), answer.events(), answer.first(), answer.last(), answer.repeated()))
                : refuse(ProblemType.SEQUENCE_CONFLICT, "the sequence was taken with other content");
    }

    private Verdict take(Append append, QueueEvent.@Nullable Sequence sequence) {
        RunRef run = append.run();
        Optional<Problem.Overlap> overlap =
                run == null ? Optional.empty() : Repetitions.overlap(append, run, marks(run));
        if (overlap.isPresent()) {
            return new Verdict.Refused(Problem.overlap(overlap.get()));
        }
        List<Block> fresh;
        try {
            fresh = RecordPacker.cut(run == null ? append.blocks() : Repetitions.drop(append, run, marks(run)));
        } catch (IllegalArgumentException tooLarge) {
            // A line may be within the limit by a hair, yet not by what a writer reckons with; it must not end the
            // queue.
            return refuse(ProblemType.TOO_LARGE, "an event is so near to the limit that it can't be stored anew");
        }
        int events = fresh.stream().mapToInt(block -> block.header().events()).sum();
        EventId first = events == 0 ? null : packer.nextId();
        QueueEvent.Take take = new QueueEvent.Take(
                events,
                append.events() - events,
                first,
                writer(append),
                fresh.stream().mapToLong(block -> source(block, now)).max().orElse(0),
                sequence,
                run == null ? null : run(append, run));
        packer.add(take, fresh);
        state = state.apply(new QueueEvent.Appended(
                now, packer.lastId(), state.ordinal() + events, events, 0, List.of(take), List.of()));
        return new Verdict.Taken(new AppendResult(queue.value(), events, first, take.last(), take.repeated()));
    }

    private Marks marks(RunRef run) {
        return state.marks().getOrDefault(run.bot().value(), Marks.NONE);
    }

    private static QueueEvent.Run run(Append append, RunRef run) {
        List<QueueEvent.Mark> marks = new ArrayList<>();
        append.parents().forEach(range -> marks.add(new QueueEvent.Mark(range.source(), range.greatest())));
        return new QueueEvent.Run(run.bot().value(), run.generation(), run.epoch(), marks);
    }

    private static @Nullable String writer(Append append) {
        String writer = append.blocks().get(0).header().writer();
        return writer.isEmpty() ? null : writer;
    }

    private static long source(Block block, long now) {
        return block.header().implicitSource() ? now : block.header().greatestSource();
    }

    private static Verdict refuse(ProblemType type, String detail) {
        return new Verdict.Refused(Problem.of(type, detail));
    }
}
