package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a queue remembers of a producer: enough to answer a repeated append as it was answered first.
 *
 * @param usedAt ms since the epoch of the last append
 * @param recent the last appends, oldest first, at most as many as may be in flight
 */
record Producer(long usedAt, List<Answer> recent) {
    /** Nothing taken yet. */
    static final Producer NEW = new Producer(0, List.of());

    /** What an append was answered. */
    record Answer(
            long number,
            long hash,
            int events,
            int repeated,
            @Nullable EventId first) {
        @Nullable
        EventId last() {
            return first == null ? null : first.plus(events - 1L);
        }
    }

    /** True once it was unused for so long that it may begin anew. */
    boolean isForgotten(long now) {
        return now - usedAt > QueueState.PRODUCER_MEMORY;
    }

    long last() {
        return recent.isEmpty() ? 0 : recent.get(recent.size() - 1).number();
    }

    Optional<Answer> answer(long number) {
        return recent.stream().filter(answer -> answer.number() == number).findFirst();
    }

    Producer take(long at, QueueEvent.Take take, QueueEvent.Sequence sequence) {
        // A producer that was forgotten and begins anew: its old numbers would stand in the way of the new ones.
        List<Answer> answers = new ArrayList<>(sequence.number() == last() + 1 ? recent : List.of());
        answers.add(new Answer(sequence.number(), sequence.hash(), take.events(), take.repeated(), take.first()));
        int forgotten = Math.max(0, answers.size() - Limits.SEQUENCE_WINDOW);
        return new Producer(at, List.copyOf(answers.subList(forgotten, answers.size())));
    }
}
