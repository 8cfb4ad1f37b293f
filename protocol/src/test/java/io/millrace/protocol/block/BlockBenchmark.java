package io.millrace.protocol.block;

import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What an event costs in a block, ns: in the writing client, at the node's door, in the reading client. By hand: this class's
 * main, with the test class path; {@code cluster-node/RATIONALE.md} has the figures.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BlockBenchmark.EVENTS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BlockBenchmark {
    static final int EVENTS = 5_000;
    private static final String[] WORDS = {
        "river", "stone", "market", "light", "engine", "seven", "copper", "garden", "winter", "signal"
    };

    /** What fills the 200 bytes: see the bench's README. */
    @Param({"padded", "realistic"})
    public String payload;

    private final List<NewEvent> events = new ArrayList<>();
    private final BlockWriter writer = new BlockWriter("");
    private Block block;
    private byte[] frame;
    private Block stamped;

    @Setup(Level.Trial)
    public void prepare() {
        Random random = new Random(1);
        for (int i = 0; i < EVENTS; i++) {
            StringBuilder json = new StringBuilder("{\"id\":" + i + ",\"ts\":1790000000000,\"data\":\"");
            while (json.length() < 198) {
                json.append(payload.equals("padded") ? "x" : WORDS[random.nextInt(WORDS.length)] + random.nextInt(999));
            }
            json.setLength(198);
            events.add(NewEvent.of(Payload.ofJson(json.append("\"}").toString().getBytes(StandardCharsets.UTF_8))));
        }
        block = write();
        frame = block.toBytes();
        stamped = block.stamped(new QueueName("q"), io.millrace.protocol.EventId.MIN.plus(1));
    }

    /** Client: lines gathered and compressed. */
    @Benchmark
    public Block write() {
        events.forEach(writer::add);
        return writer.build(true);
    }

    /** Node: everything that readers rely on is checked. */
    @Benchmark
    public Object check() {
        List<Block> blocks = Block.readAppend(ByteBuffer.wrap(frame));
        return BlockCheck.check(blocks.get(0));
    }

    /** Of it: checksum and decompression. */
    @Benchmark
    public Object lines() {
        return block.lines();
    }

    /** Client: events walked, payloads handed over unparsed. */
    @Benchmark
    public void read(Blackhole hole) {
        BlockReader reader = new BlockReader(stamped);
        while (reader.advance()) {
            hole.consume(reader.event());
        }
    }

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(BlockBenchmark.class.getName() + (arguments.length > 0 ? "." + arguments[0] : ""))
                        .build())
                .run();
    }
}
