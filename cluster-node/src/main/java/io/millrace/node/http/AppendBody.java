package io.millrace.node.http;

import io.millrace.node.application.Append;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockCheck;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRange;
import io.millrace.protocol.block.ParentRanges;
import io.millrace.protocol.event.EventInput;
import io.millrace.protocol.event.InvalidEventsException;
import io.millrace.protocol.http.MediaTypes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The forms in which events come; makes checked blocks of them, all of them or none. */
enum AppendBody {
    JSON,
    NDJSON,
    BLOCKS;

    /** From this size of lines on a block is compressed here; smaller ones the queue merges and compresses once. */
    private static final int COMPRESS_FROM = 64 << 10;

    /** Lines are cut into blocks of about this size, so that a reader never has to take 16 MiB at once. */
    private static final int CUT_AT = 1 << 20;

    /** What frames of uncompressed blocks may need beside their lines. */
    private static final int FRAMES = 1 << 20;

    /** What the trace of a request's header may add to its events: the events beyond that go without. */
    private static final int TRACES = 1 << 20;

    /** @throws Refusal if events don't come in that type */
    static AppendBody of(String mediaType) {
        return switch (mediaType) {
            case MediaTypes.JSON -> JSON;
            case MediaTypes.NDJSON -> NDJSON;
            case MediaTypes.BLOCK -> BLOCKS;
            default ->
                throw Refusal.field(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Type",
                        "must be " + MediaTypes.JSON + ", " + MediaTypes.NDJSON + " or " + MediaTypes.BLOCK);
        };
    }

    /** The largest body, in bytes as received. */
    int limit() {
        return this == BLOCKS ? Limits.REQUEST_BYTES + FRAMES : Limits.REQUEST_BYTES;
    }

    /**
     * Checks the events of a decoded body.
     *
     * @throws RuntimeException as {@link Failures} knows it, if any of it can't be taken
     */
    Append parse(byte[] body, QueueName queue, AppendHeaders headers) {
        return this == BLOCKS ? blocks(body, headers) : events(body, queue, headers);
    }

    private Append events(byte[] body, QueueName queue, AppendHeaders headers) {
        Cutting cutting = new Cutting(headers, headers.trace());
        // Sent again it is the same request, though whoever sends it says another traceparent each time.
        Cutting untraced = headers.trace() == null || headers.sequence() == null ? null : new Cutting(headers, null);
        Consumer<NewEvent> taker = untraced == null
                ? cutting::add
                : event -> {
                    cutting.add(event);
                    untraced.add(event);
                };
        if (this == JSON) {
            EventInput.json(body, queue, taker);
        } else {
            EventInput.ndjson(body, queue, taker);
        }
        return cutting.append(untraced);
    }

    private static Append blocks(byte[] body, AppendHeaders headers) {
        List<Block> blocks = Block.readAppend(ByteBuffer.wrap(body));
        String bot = headers.bot();
        if (bot != null
                && blocks.stream().anyMatch(block -> !block.header().writer().equals(bot))) {
            throw Refusal.of(ProblemType.INVALID_BLOCK, "a block's writer is not the request's Millrace-Bot");
        }
        Map<String, ParentRange> parents = new LinkedHashMap<>();
        for (Block block : blocks) {
            if (!block.header().writer().isEmpty()) {
                headers.requireWriter(block.header().writer());
            }
            for (ParentRange range : BlockCheck.check(block, headers::requireWriter)) {
                parents.merge(range.source(), range, ParentRange::union);
            }
        }
        return append(blocks, headers, List.copyOf(parents.values()));
    }

    private static Append append(List<Block> blocks, AppendHeaders headers, List<ParentRange> parents) {
        return append(blocks, headers, headers.sequence(), parents);
    }

    private static Append append(
            List<Block> blocks, AppendHeaders headers, Append.@Nullable Sequence sequence, List<ParentRange> parents) {
        return new Append(blocks, sequence, headers.run(), headers.run() == null ? List.of() : parents);
    }

    /** Events as they come out of the text, cut into blocks. */
    private static final class Cutting {
        private final AppendHeaders headers;
        private final @Nullable Trace trace;
        private final BlockWriter writer;
        private final @Nullable ParentRanges parents;
        private final List<Block> blocks = new ArrayList<>(1);
        private long bytes;
        private int traces;

        Cutting(AppendHeaders headers, @Nullable Trace trace) {
            this.headers = headers;
            this.trace = trace;
            this.writer = new BlockWriter(headers.writer());
            this.parents = headers.run() == null ? null : new ParentRanges();
        }

        void add(NewEvent event) {
            String bot = event.bot();
            if (bot != null) {
                headers.requireWriter(bot);
            }
            NewEvent traced = trace == null || event.trace() != null || traces > TRACES ? event : event.in(trace);
            int more = traced.encodedBound() - event.encodedBound();
            traces += more;
            int before = writer.rawLength();
            writer.add(traced);
            bytes += writer.rawLength() - before - more;
            if (bytes > Limits.REQUEST_BYTES) {
                throw InvalidEventsException.tooLarge(
                        null, "the events need more than " + Limits.REQUEST_BYTES + " bytes");
            }
            if (parents != null) {
                parents.add(event.correlation());
            }
            if (writer.rawLength() >= CUT_AT) {
                blocks.add(writer.build(true));
            }
        }

        /** @param untraced the same events without the header's trace, where the content is to be told by them */
        Append append(@Nullable Cutting untraced) {
            Append.Sequence sequence = headers.sequence();
            return AppendBody.append(
                    blocks(),
                    headers,
                    untraced == null || sequence == null
                            ? sequence
                            : new Append.Sequence(
                                    sequence.producer(), sequence.number(), Append.content(untraced.blocks())),
                    parents == null ? List.of() : parents.toList());
        }

        private List<Block> blocks() {
            if (!writer.isEmpty()) {
                blocks.add(writer.build(writer.rawLength() >= COMPRESS_FROM));
            }
            return blocks;
        }
    }
}
