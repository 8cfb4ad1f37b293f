package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRange;
import io.millrace.protocol.block.ParentRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drops what an earlier run of the same bot has already written: events whose source position lies at or below the
 * queue's high-water mark (design D5). All output of one source event stands in one append, so a mark never cuts it.
 *
 * <p>An event made of many parents may go over the edge: batches end where time or an accident ends them, so the same bot
 * started again makes others. Neither to take nor to drop it would be right; the run is told where to end a batch.
 */
final class Repetitions {
    private Repetitions() {}

    /** The blocks that are left; the given ones where nothing is to drop, which is nearly always. */
    static List<Block> drop(Append append, RunRef run, Marks marks) {
        return append.parents().stream().noneMatch(range -> reaches(marks, run, range))
                ? append.blocks()
                : filter(append.blocks(), run, marks);
    }

    /** Where an event goes over the edge of what is written: it has parents on both sides of a mark. */
    static Optional<Problem.Overlap> overlap(Append append, RunRef run, Marks marks) {
        return append.parents().stream().noneMatch(range -> mayOverlap(marks, run, range))
                ? Optional.empty()
                : append.blocks().stream()
                        .flatMap(block -> overlap(block, run, marks).stream())
                        .findFirst();
    }

    private static boolean mayOverlap(Marks marks, RunRef run, ParentRange range) {
        EventId mark = marks.position(run.generation(), range.source());
        return mark != null
                && range.first().compareTo(mark) <= 0
                && range.greatest().isAfter(mark);
    }

    private static Optional<Problem.Overlap> overlap(Block block, RunRef run, Marks marks) {
        BlockReader reader = new BlockReader(block);
        while (reader.advance()) {
            Correlation correlation = reader.correlation();
            EventId last = correlation == null ? null : ParentRanges.parentOf(correlation);
            if (correlation != null && last != null) {
                String source = ParentRanges.source(correlation);
                EventId mark = marks.position(run.generation(), source);
                if (mark != null
                        && last.isAfter(mark)
                        && ParentRanges.firstOf(correlation, last).compareTo(mark) <= 0) {
                    return Optional.of(new Problem.Overlap(source, mark));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean reaches(Marks marks, RunRef run, ParentRange range) {
        EventId mark = marks.position(run.generation(), range.source());
        return mark != null && range.least().compareTo(mark) <= 0;
    }

    private static List<Block> filter(List<Block> blocks, RunRef run, Marks marks) {
        List<Block> left = new ArrayList<>();
        for (Block block : blocks) {
            BlockWriter writer = new BlockWriter(block.header().writer());
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                if (!isRepetition(reader.correlation(), run, marks)) {
                    writer.add(reader.newEvent());
                }
            }
            if (!writer.isEmpty()) {
                left.add(writer.build(block.header().zstd()));
            }
        }
        return left;
    }

    private static boolean isRepetition(@Nullable Correlation correlation, RunRef run, Marks marks) {
        if (correlation == null) {
            return false;
        }
        EventId mark = marks.position(run.generation(), ParentRanges.source(correlation));
        if (mark == null) {
            return false;
        }
        EventId parent = ParentRanges.parentOf(correlation);
        return parent != null && parent.compareTo(mark) <= 0;
    }
}
