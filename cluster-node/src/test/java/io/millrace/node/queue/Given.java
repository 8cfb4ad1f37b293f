package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRange;
import io.millrace.protocol.block.ParentRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What tests of queues begin with. */
final class Given {
    static final QueueName QUEUE = new QueueName("orders");
    static final long NOW = 1_700_000_000_000L;

    private Given() {}

    static NewEvent event(Object payload) {
        return NewEvent.of(Payload.of(payload));
    }

    /** What a bot makes of an event of another queue. */
    static NewEvent child(String source, EventId parent, Object payload) {
        return new NewEvent(Payload.of(payload), Correlation.of(source, parent), null, null);
    }

    /** The n-th event of a source queue. */
    static EventId source(int n) {
        return new EventId(NOW - 1_000_000, n);
    }

    static NewEvent[] events(Object... payloads) {
        return Arrays.stream(payloads).map(Given::event).toArray(NewEvent[]::new);
    }

    /** Texts that zstd can't make smaller. */
    static NewEvent[] incompressible(int count, int bytes) {
        Random random = new Random(count * 31L + bytes);
        return IntStream.range(0, count)
                .mapToObj(i -> event(random.ints(bytes, 33, 127)
                        .map(c -> c == '"' || c == '\\' ? 'x' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()))
                .toArray(NewEvent[]::new);
    }

    static Block block(String writer, boolean compress, NewEvent... events) {
        BlockWriter block = new BlockWriter(writer);
        Arrays.stream(events).forEach(block::add);
        return block.build(compress);
    }

    static Block block(String writer, NewEvent... events) {
        return block(writer, false, events);
    }

    static Append append(NewEvent... events) {
        return new Append(List.of(block("", events)), null, null, List.of());
    }

    static Append append(Block... blocks) {
        return new Append(List.of(blocks), null, null, List.of());
    }

    static Append append(String... payloads) {
        return append(events((Object[]) payloads));
    }

    static Append numbered(String producer, long number, String... payloads) {
        return new Append(
                List.of(block("", events((Object[]) payloads))),
                new Append.Sequence(new ProducerId(producer), number),
                null,
                List.of());
    }

    static RunRef run(String bot, long generation, long epoch) {
        return new RunRef(
                new BotId(bot), "run-" + epoch, epoch, generation, Instant.ofEpochMilli(NOW + 900_000_000_000L));
    }

    static Append output(RunRef run, NewEvent... events) {
        ParentRanges parents = new ParentRanges();
        Arrays.stream(events).forEach(event -> parents.add(event.correlation()));
        return new Append(List.of(block(run.bot().value(), events)), null, run, parents.toList());
    }

    static Append withParents(RunRef run, List<ParentRange> parents) {
        return new Append(List.of(block(run.bot().value(), event("x"))), null, run, parents);
    }

    static List<Event> events(Block block) {
        List<Event> events = new ArrayList<>();
        BlockReader reader = new BlockReader(block);
        while (reader.advance()) {
            events.add(reader.event());
        }
        return events;
    }

    static List<String> payloads(List<Event> events) {
        return events.stream().map(event -> event.payload().as(String.class)).toList();
    }
}
