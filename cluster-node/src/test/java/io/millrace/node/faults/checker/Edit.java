package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Operation.FinalRead;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A good history in the hands of a forger: its full reads by node and queue, and everything else. */
final class Edit {
    final List<Operation> operations = new ArrayList<>();
    final Random random;
    private final Map<String, List<FinalEvent>> reads = new LinkedHashMap<>();
    private final Map<String, Call> calls = new LinkedHashMap<>();

    Edit(List<Operation> history, Random random) {
        this.random = random;
        for (Operation operation : history) {
            if (operation instanceof FinalRead read) {
                String key = key(read.call().node(), read.queue());
                reads.computeIfAbsent(key, k -> new ArrayList<>()).addAll(read.events());
                calls.putIfAbsent(key, read.call());
            } else {
                operations.add(operation);
            }
        }
    }

    private static String key(String node, String queue) {
        return node + " " + queue;
    }

    /** What a node gave at the end; to be changed. */
    List<FinalEvent> read(String node, String queue) {
        return reads.get(key(node, queue));
    }

    /** The same change of what every node gave at the end. */
    void everywhere(String queue, UnaryOperator<List<FinalEvent>> change) {
        for (String node : ModelBus.NODES) {
            reads.put(key(node, queue), new ArrayList<>(change.apply(read(node, queue))));
        }
    }

    /** One of a kind, by chance; null if there is none. */
    <T extends Operation> @Nullable T any(Class<T> type, Predicate<T> wanted) {
        List<T> found = all(type, wanted);
        return found.isEmpty() ? null : found.get(random.nextInt(found.size()));
    }

    <T extends Operation> List<T> all(Class<T> type, Predicate<T> wanted) {
        return operations.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(wanted)
                .toList();
    }

    void replace(Operation old, Operation other) {
        operations.set(operations.indexOf(old), other);
    }

    /** Where a value stands in the full reads; -1 if nowhere. */
    int index(String queue, String value) {
        List<FinalEvent> events = read("n1", queue);
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).value().equals(value)) {
                return i;
            }
        }
        return -1;
    }

    /** An id behind all of a queue. */
    EventId beyond(String queue) {
        List<FinalEvent> events = read("n1", queue);
        return events.get(events.size() - 1).eid().plus(1_000);
    }

    /** The same event under another value, or another event under the same id. */
    static FinalEvent with(FinalEvent event, EventId id, FinalEvent content) {
        return new FinalEvent(id, content.value(), content.writer(), content.correlation(), content.parents());
    }

    static List<FinalEvent> swapped(List<FinalEvent> events, int i, int j) {
        List<FinalEvent> other = new ArrayList<>(events);
        other.set(i, with(events.get(i), events.get(i).eid(), events.get(j)));
        other.set(j, with(events.get(j), events.get(j).eid(), events.get(i)));
        return other;
    }

    /** One of a queue's events, by chance; null if there is none. */
    @Nullable
    FinalEvent anyOf(String queue, Predicate<FinalEvent> wanted) {
        List<FinalEvent> found = read("n1", queue).stream().filter(wanted).toList();
        return found.isEmpty() ? null : found.get(random.nextInt(found.size()));
    }

    /** Takes a value out of all full reads. */
    boolean drop(String queue, String value) {
        everywhere(
                queue,
                events -> events.stream()
                        .filter(event -> !event.value().equals(value))
                        .toList());
        return true;
    }

    /** Has an event at the end once more; false if there is none. */
    boolean again(String queue, @Nullable FinalEvent one) {
        if (one == null) {
            return false;
        }
        EventId id = beyond(queue);
        everywhere(queue, events -> plus(events, with(one, id, one)));
        return true;
    }

    static List<FinalEvent> plus(List<FinalEvent> events, FinalEvent one) {
        List<FinalEvent> more = new ArrayList<>(events);
        more.add(one);
        return more;
    }

    List<Operation> history() {
        List<Operation> all = new ArrayList<>(operations);
        reads.forEach((key, events) -> all.add(
                new FinalRead(calls.get(key), key.substring(key.indexOf(' ') + 1), "", List.copyOf(events), true)));
        return all;
    }
}
