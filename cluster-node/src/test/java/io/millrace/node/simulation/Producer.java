package io.millrace.node.simulation;

import io.millrace.node.application.Append;
import io.millrace.node.queue.QueueOracle.Stored;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.AppendResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A client that appends unique events, with sequences and several in flight, or without and never again. */
final class Producer {
    private static final int ASK_TIMEOUT = 150;

    private final World world;
    private final Machine machine;
    private final String name;
    private final boolean numbered;
    private final int appends;
    private final Map<Integer, List<String>> contents = new HashMap<>();
    private final Map<Integer, AppendResult> answers = new HashMap<>();
    private final Set<Integer> refused = new HashSet<>();
    private int next = 1;
    private int open;

    Producer(World world, Machine machine, String name, boolean numbered, int appends) {
        this.world = world;
        this.machine = machine;
        this.name = name;
        this.numbered = numbered;
        this.appends = appends;
    }

    void begin(int after) {
        machine.after(after, "begins:", name, this::go);
    }

    boolean isDone() {
        return next > appends && open == 0;
    }

    private void go() {
        while (open < (numbered ? 2 : 1) && next <= appends) {
            int number = next++;
            open++;
            BlockWriter block = new BlockWriter("");
            List<String> payloads = new ArrayList<>();
            for (int i = world.chance().between(1, 2); i > 0; i--) {
                String payload = world.payload();
                payloads.add(payload);
                block.add(NewEvent.of(Payload.ofJson(payload)));
            }
            contents.put(number, payloads);
            Append.Sequence sequence = numbered ? new Append.Sequence(new ProducerId(name), number) : null;
            send(number, new Append(List.of(block.build(false)), sequence, null, List.of()), world.acknowledged());
        }
    }

    private void send(int number, Append append, EventId acknowledgedBefore) {
        boolean[] heard = {false};
        world.tellQueue(
                machine,
                World.SOURCE,
                numbered ? "append" : "append once",
                queue -> queue.append(append, world.back(machine, outcome -> {
                    if (outcome instanceof Outcome.Taken taken) {
                        taken(number, taken.result(), acknowledgedBefore);
                    }
                    if (!heard[0]) {
                        heard[0] = true;
                        answered(number, append, acknowledgedBefore, outcome);
                    }
                })));
        machine.after(ASK_TIMEOUT, "no answer to", name, () -> {
            if (!heard[0]) {
                heard[0] = true;
                again(number, append, acknowledgedBefore);
            }
        });
    }

    private void again(int number, Append append, EventId acknowledgedBefore) {
        if (numbered) {
            send(number, append, acknowledgedBefore);
        } else {
            settled();
        }
    }

    private void answered(int number, Append append, EventId acknowledgedBefore, Outcome outcome) {
        if (outcome instanceof Outcome.Taken) {
            settled();
            return;
        }
        var problem = ((Outcome.Refused) outcome).problem();
        if (!numbered && !problem.is(ProblemType.UNKNOWN_OUTCOME)) {
            refused.add(number);
        }
        if (numbered && !problem.retryable() && !problem.is(ProblemType.SEQUENCE_GAP)) {
            throw new Violation(name + ": append " + number + " was refused: " + problem);
        }
        machine.after(20, "again", name, () -> again(number, append, acknowledgedBefore));
    }

    private void settled() {
        open--;
        machine.after(world.chance().perMille(500) ? world.chance().between(1, 300) : 0, "goes on:", name, () -> {
            go();
            world.progress();
        });
    }

    private void taken(int number, AppendResult result, EventId acknowledgedBefore) {
        AppendResult first = answers.putIfAbsent(number, result);
        if (first != null) {
            if (!first.equals(result)) {
                throw new Violation(name + ": append " + number + " was answered " + first + ", then " + result);
            }
            return;
        }
        if (result.first() == null || !result.first().isAfter(acknowledgedBefore)) {
            throw new Violation(name + ": append " + number + " got " + result.first() + ", yet it began after "
                    + acknowledgedBefore + " had been acknowledged");
        }
        world.acknowledge(result.last());
        check(number, result, world.source().stored());
    }

    /** Everything acknowledged is there once, where it was said to be; everything refused is nowhere. */
    void checkAll(List<Stored> read) {
        answers.forEach((number, result) -> check(number, result, read));
        contents.forEach((number, payloads) -> payloads.forEach(payload -> {
            long times = read.stream()
                    .filter(event -> event.payload().equals(payload))
                    .count();
            if (times > 1 || (times > 0 && refused.contains(number))) {
                throw new Violation(name + ": append " + number + ", refused: " + refused.contains(number)
                        + ", is there " + times + " times");
            }
        }));
    }

    private void check(int number, AppendResult result, List<Stored> read) {
        List<Stored> expected = new ArrayList<>();
        for (String payload : contents.get(number)) {
            expected.add(new Stored(result.first().plus(expected.size()), payload));
        }
        if (!read.containsAll(expected)) {
            throw new Violation(name + ": lost: append " + number + " was acknowledged as " + expected);
        }
    }
}
