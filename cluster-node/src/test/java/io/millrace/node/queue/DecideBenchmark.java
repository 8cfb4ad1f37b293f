package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a queue's decision about appends that came together costs, and its state's step, us a commit. By hand: this class's main,
 * with the test class path; {@code cluster-node/RATIONALE.md} has the figures.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecideBenchmark {
    /** Appends of one event each that one commit takes. */
    @Param({"1", "64"})
    public int appends;

    private QueueState state;
    private List<Append> small;
    private List<Append> large;

    /** A queue that 1,000 producers know. */
    @Setup
    public void prepare() {
        state = QueueState.EMPTY;
        for (int i = 0; i < 1_000; i++) {
            Append append = append("p" + i, 1, block(1, false));
            for (QueueEvent event : AppendDecider.decide(Given.QUEUE, state, List.of(append), Given.NOW)
                    .records()) {
                state = state.apply(event);
            }
        }
        small = IntStream.range(0, appends)
                .mapToObj(i -> append("p" + i, 2, block(1, false)))
                .toList();
        large = List.of(append("p0", 2, block(5_000, true)));
    }

    private static Append append(String producer, long number, Block block) {
        return new Append(List.of(block), new Append.Sequence(new ProducerId(producer), number), null, List.of());
    }

    private static Block block(int events, boolean compress) {
        BlockWriter writer = new BlockWriter("");
        for (int i = 0; i < events; i++) {
            writer.add(Given.event("x".repeat(180)));
        }
        return writer.build(compress);
    }

    /** Single events of many producers are merged into one block. */
    @Benchmark
    public QueueState decideSmall() {
        return decide(small);
    }

    /** A block of 5,000 events passes as it is. */
    @Benchmark
    public QueueState decideLarge() {
        return decide(large);
    }

    private QueueState decide(List<Append> appends) {
        QueueState after = state;
        for (QueueEvent event :
                AppendDecider.decide(Given.QUEUE, state, appends, Given.NOW).records()) {
            after = after.apply(event);
        }
        return after;
    }

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder().include(DecideBenchmark.class.getName()).build()).run();
    }
}
