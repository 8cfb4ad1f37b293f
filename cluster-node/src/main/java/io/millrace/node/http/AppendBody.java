package io.millrace.node.http;

import io.millrace.node.application.Append;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
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
        Cutting cutting = new Cutting(headers);
        if (this == JSON) {
            EventInput.json(body, queue, cutting::add);
        } else {
            EventInput.ndjson(body, queue, cutting::add);
        }
        return cutting.append();
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
        return new Append(blocks, headers.sequence(), headers.run(), headers.run() == null ? List.of() : parents);
    }

    /** Events as they come out of the text, cut into blocks. */
    private static final class Cutting {
        private final AppendHeaders headers;
        private final BlockWriter writer;
        private final @Nullable ParentRanges parents;
        private final List<Block> blocks = new ArrayList<>(1);
        private long bytes;

        Cutting(AppendHeaders headers) {
            this.headers = headers;
            this.writer = new BlockWriter(headers.writer());
            this.parents = headers.run() == null ? null : new ParentRanges();
        }

        void add(NewEvent event) {
            String bot = event.bot();
            if (bot != null) {
                headers.requireWriter(bot);
            }
            int before = writer.rawLength();
            writer.add(event);
            bytes += writer.rawLength() - before;
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

        Append append() {
            if (!writer.isEmpty()) {
                blocks.add(writer.build(writer.rawLength() >= COMPRESS_FROM));
            }
            return AppendBody.append(blocks, headers, parents == null ? List.of() : parents.toList());
        }
    }
}
