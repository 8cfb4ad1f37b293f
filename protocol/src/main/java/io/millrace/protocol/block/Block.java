package io.millrace.protocol.block;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.event.InvalidEventsException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One frame: a header, and the events' lines as stored. Immutable by contract: buffers handed in belong to the block from
 * then on.
 */
public final class Block {
    /** zstd's fastest ordinary level: what it leaves uncompressed costs less here than the next level's time. */
    static final int LEVEL = 1;

    private final BlockHeader header;
    private final ByteBuffer stored;

    Block(BlockHeader header, ByteBuffer stored) {
        this.header = header;
        this.stored = stored;
    }

    /**
     * Reads one frame and moves {@code source} behind it; the lines stay a view of {@code source}. Checks the header, not
     * the lines: {@link #lines()} does.
     *
     * @throws BlockException if there is no sound frame
     */
    public static Block read(ByteBuffer source) {
        BlockHeader header = BlockHeader.read(source);
        BlockHeader.require(source.remaining() >= header.storedLength(), "the block ends inside its lines");
        ByteBuffer stored =
                source.slice(source.position(), header.storedLength()).asReadOnlyBuffer();
        source.position(source.position() + header.storedLength());
        return new Block(header, stored);
    }

    /**
     * Reads all frames of {@code source}.
     *
     * @throws BlockException if what is there isn't a sequence of sound frames
     */
    public static List<Block> readAll(ByteBuffer source) {
        List<Block> blocks = new ArrayList<>();
        while (source.hasRemaining()) {
            blocks.add(read(source));
        }
        return blocks;
    }

    /**
     * Reads the frames of one append: at least one, and together within the limits of a request, so that looking at their
     * lines one after the other can't cost more than looking at one full block.
     *
     * @throws BlockException if what is there isn't a sequence of sound frames
     * @throws InvalidEventsException if they tell more than {@link Limits#REQUEST_BYTES} or {@link Limits#REQUEST_EVENTS}
     */
    public static List<Block> readAppend(ByteBuffer source) {
        List<Block> blocks = new ArrayList<>();
        long bytes = 0;
        long events = 0;
        do {
            Block block = read(source);
            bytes += block.header.rawLength();
            events += block.header.events();
            if (bytes > Limits.REQUEST_BYTES || events > Limits.REQUEST_EVENTS) {
                throw InvalidEventsException.tooLarge(
                        null,
                        "the blocks hold more than " + Limits.REQUEST_BYTES + " bytes or " + Limits.REQUEST_EVENTS
                                + " events");
            }
            blocks.add(block);
        } while (source.hasRemaining());
        return blocks;
    }

    static Block ofLines(byte[] lines, int length, BlockHeader unsized, boolean compress) {
        ByteBuffer stored;
        if (compress) {
            byte[] target = new byte[(int) Zstd.compressBound(length)];
            long size = Zstd.compressByteArray(target, 0, target.length, lines, 0, length, LEVEL);
            stored = size < length
                    ? ByteBuffer.wrap(Arrays.copyOf(target, (int) size)) // the block may be kept for long: no slack
                    : ByteBuffer.wrap(lines, 0, length);
        } else {
            stored = ByteBuffer.wrap(lines, 0, length);
        }
        boolean zstd = stored.remaining() < length;
        CRC32C crc = new CRC32C();
        crc.update(stored.duplicate());
        return new Block(
                new BlockHeader(
                        false,
                        zstd,
                        unsized.implicitSource(),
                        unsized.events(),
                        EventId.MIN,
                        EventId.MIN,
                        unsized.leastSource(),
                        unsized.greatestSource(),
                        length,
                        stored.remaining(),
                        (int) crc.getValue(),
                        unsized.writer(),
                        ""),
                stored.slice().asReadOnlyBuffer());
    }

    public BlockHeader header() {
        return header;
    }

    /** Bytes of the whole frame. */
    public int length() {
        return header.length() + header.storedLength();
    }

    /** The same events with their ids given, contiguous from {@code first}; the lines are shared, not copied. */
    public Block stamped(QueueName queue, EventId first) {
        return new Block(header.stamp(queue.value(), first), stored);
    }

    /**
     * The lines as JSON, checked against length and checksum. Allocates what header and data agree on, at most 16 MiB.
     *
     * @throws BlockException if the lines are corrupt
     */
    public byte[] lines() {
        CRC32C crc = new CRC32C();
        crc.update(stored.duplicate());
        BlockHeader.require((int) crc.getValue() == header.crc(), "the block's lines are corrupt");
        if (!header.zstd()) {
            byte[] lines = new byte[header.rawLength()];
            stored.duplicate().get(lines);
            return lines;
        }
        byte[] compressed = new byte[stored.remaining()];
        stored.duplicate().get(compressed);
        BlockHeader.require(
                Zstd.getFrameContentSize(compressed) == header.rawLength(),
                "the block's lines don't decompress to their length");
        byte[] lines = new byte[header.rawLength()];
        try {
            long size = Zstd.decompressByteArray(lines, 0, lines.length, compressed, 0, compressed.length);
            BlockHeader.require(size == lines.length, "the block's lines don't decompress to their length");
        } catch (ZstdException e) {
            throw new BlockException("the block's lines don't decompress to their length");
        }
        return lines;
    }

    /** Writes the frame. */
    public void write(ByteBuffer target) {
        header.write(target);
        target.put(stored.duplicate());
    }

    /**
     * Reads one frame that fills {@code bytes}.
     *
     * @throws BlockException if it isn't one
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Block of(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Block block = read(source);
        BlockHeader.require(!source.hasRemaining(), "something follows the block");
        return block;
    }

    /** The frame as bytes. */
    @JsonValue
    public byte[] toBytes() {
        ByteBuffer target = ByteBuffer.allocate(length());
        write(target);
        return target.array();
    }

    /** The frames one after the other. */
    public static ByteBuffer toBytes(List<Block> blocks) {
        ByteBuffer target =
                ByteBuffer.allocate(blocks.stream().mapToInt(Block::length).sum());
        blocks.forEach(block -> block.write(target));
        return target.flip();
    }
}
