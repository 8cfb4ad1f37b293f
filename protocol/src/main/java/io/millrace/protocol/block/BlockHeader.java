package io.millrace.protocol.block;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.QueueName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The header of a frame; the package's description has the layout.
 *
 * @param stamped whether the queue has given the ids
 * @param zstd whether the lines are compressed
 * @param implicitSource whether some line takes its source timestamp from its id
 * @param events how many events, 1 to 100,000
 * @param first the first event's id, {@link EventId#MIN} until stamped
 * @param last the last event's id, {@link EventId#MIN} until stamped
 * @param leastSource ms: the least source timestamp, 0 if no line names one and no id is stamped
 * @param greatestSource ms: the greatest source timestamp
 * @param rawLength bytes of the lines as JSON
 * @param storedLength bytes of the lines as stored
 * @param crc CRC-32C of the lines as stored
 * @param writer the bot that wrote those events that don't name another, or empty
 * @param queue the queue that the events stand in, empty until stamped
 */
public record BlockHeader(
        boolean stamped,
        boolean zstd,
        boolean implicitSource,
        int events,
        EventId first,
        EventId last,
        long leastSource,
        long greatestSource,
        int rawLength,
        int storedLength,
        int crc,
        String writer,
        String queue) {

    private static final int MAGIC = 0x4D524231;
    private static final byte VERSION = 1;
    private static final int STAMPED = 1;
    private static final int ZSTD = 2;
    private static final int IMPLICIT_SOURCE = 4;
    private static final int CRC_AT = 64;
    private static final int FIXED = 68;
    private static final int MAX_NAME = 200;

    /** Bytes that this header takes. */
    public int length() {
        return FIXED + 2 + writer.length() + queue.length();
    }

    /** The id of the event at {@code index}, from 0. */
    public EventId idAt(int index) {
        return first.plus(index);
    }

    BlockHeader stamp(String queueName, EventId firstId) {
        EventId lastId = firstId.plus(events - 1L);
        long least = leastSource;
        long greatest = greatestSource;
        if (implicitSource) {
            least = least == 0 ? firstId.millis() : Math.min(least, firstId.millis());
            greatest = Math.max(greatest, lastId.millis());
        }
        return new BlockHeader(
                true,
                zstd,
                implicitSource,
                events,
                firstId,
                lastId,
                least,
                greatest,
                rawLength,
                storedLength,
                crc,
                writer,
                queueName);
    }

    void write(ByteBuffer target) {
        int start = target.position();
        int length = length();
        target.putInt(MAGIC)
                .put(VERSION)
                .put((byte) ((stamped ? STAMPED : 0) | (zstd ? ZSTD : 0) | (implicitSource ? IMPLICIT_SOURCE : 0)))
                .putShort((short) length)
                .putInt(events)
                .putLong(first.millis())
                .putInt(first.position())
                .putLong(last.millis())
                .putInt(last.position())
                .putLong(leastSource)
                .putLong(greatestSource)
                .putInt(rawLength)
                .putInt(storedLength)
                .putInt(crc)
                .putInt(0)
                .put((byte) writer.length())
                .put(writer.getBytes(StandardCharsets.US_ASCII))
                .put((byte) queue.length())
                .put(queue.getBytes(StandardCharsets.US_ASCII));
        target.putInt(start + CRC_AT, headerCrc(target, start, length));
    }

    /** Reads one header and moves {@code source} to where the lines begin. */
    static BlockHeader read(ByteBuffer source) {
        int start = source.position();
        require(source.remaining() >= FIXED + 2, "the block ends inside its header");
        require(source.getInt(start) == MAGIC, "this is not a Millrace block");
        require(source.get(start + 4) == VERSION, "the block's version is not 1");
        int flags = source.get(start + 5);
        int length = source.getShort(start + 6) & 0xFFFF;
        require(length >= FIXED + 2 && length <= FIXED + 2 + 2 * MAX_NAME, "the block's header length is impossible");
        require(source.remaining() >= length, "the block ends inside its header");
        require(source.getInt(start + CRC_AT) == headerCrc(source, start, length), "the block's header is corrupt");
        require((flags & ~(STAMPED | ZSTD | IMPLICIT_SOURCE)) == 0, "the block has flags that version 1 doesn't know");
        int events = source.getInt(start + 8);
        require(events >= 1 && events <= Limits.REQUEST_EVENTS, "the block's event count is out of range");
        int rawLength = source.getInt(start + 52);
        int storedLength = source.getInt(start + 56);
        boolean zstd = (flags & ZSTD) != 0;
        require(rawLength >= 1 && rawLength <= Limits.REQUEST_BYTES, "the block's decoded length is out of range");
        require(
                storedLength >= 1 && storedLength <= Limits.REQUEST_BYTES && (zstd || storedLength == rawLength),
                "the block's stored length is out of range");
        source.position(start + FIXED);
        String writer = name(source, start + length);
        String queue = name(source, start + length);
        require(source.position() == start + length, "the block's header length is wrong");
        boolean stamped = (flags & STAMPED) != 0;
        EventId first = id(source, start + 12);
        EventId last = id(source, start + 24);
        require(
                stamped
                        ? last.equals(first.plus(events - 1L)) && !queue.isEmpty()
                        : first.equals(EventId.MIN) && last.equals(EventId.MIN) && queue.isEmpty(),
                "the block's ids don't fit its event count");
        return new BlockHeader(
                stamped,
                zstd,
                (flags & IMPLICIT_SOURCE) != 0,
                events,
                first,
                last,
                source.getLong(start + 36),
                source.getLong(start + 44),
                rawLength,
                storedLength,
                source.getInt(start + 60),
                writer,
                queue);
    }

    private static EventId id(ByteBuffer source, int at) {
        long millis = source.getLong(at);
        int position = source.getInt(at + 8);
        require(
                millis >= 0 && millis < EventId.MAX_MILLIS && position >= 0 && position < EventId.POSITIONS_PER_MILLI,
                "the block's ids are out of range");
        return new EventId(millis, position);
    }

    private static String name(ByteBuffer source, int end) {
        require(source.position() < end, "the block's header length is wrong");
        int length = source.get() & 0xFF;
        require(length <= MAX_NAME && source.position() + length <= end, "the block's names don't fit its header");
        byte[] ascii = new byte[length];
        source.get(ascii);
        String name = new String(ascii, StandardCharsets.US_ASCII);
        if (length > 0) {
            try {
                new QueueName(name);
            } catch (IllegalArgumentException e) {
                throw new BlockException("the block's names are not allowed");
            }
        }
        return name;
    }

    private static int headerCrc(ByteBuffer buffer, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(start).limit(start + CRC_AT));
        crc.update(buffer.duplicate().position(start + FIXED).limit(start + length));
        return (int) crc.getValue();
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new BlockException(otherwise);
        }
    }
}
