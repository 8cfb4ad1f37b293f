package io.millrace.node.http;

import static io.millrace.node.http.BadRow.BLOCK;
import static io.millrace.node.http.BadRow.EVENTS;
import static io.millrace.node.http.BadRow.big;
import static io.millrace.node.http.BadRow.row;
import static io.millrace.node.http.RawHttp.concat;
import static io.millrace.node.http.RawHttp.request;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Blocks that can't be taken. */
final class BadBlocks {
    private BadBlocks() {}

    static Stream<BadRow> rows() {
        return Stream.of(blocks()).flatMap(rows -> rows);
    }

    private static Stream<BadRow> blocks() {
        byte[] good = block("price").toBytes();
        Block stamped = block("").stamped(new QueueName("orders"), new EventId(1_700_000_000_000L, 0));
        return Stream.of(
                row("an empty body as block", request("POST", EVENTS, new byte[0], BLOCK), 400, "invalid-block", ""),
                big("garbage as block", () -> new byte[200], 400, "invalid-block", "not a Millrace block", BLOCK),
                big("a truncated block", () -> cut(good, 5), 400, "invalid-block", "ends", BLOCK),
                big("a corrupt header", () -> flip(good, 10), 400, "invalid-block", "header is corrupt", BLOCK),
                big("corrupt lines", () -> flip(good, good.length - 4), 400, "invalid-block", "corrupt", BLOCK),
                big("a stamped block", stamped::toBytes, 400, "invalid-block", "ids empty", BLOCK),
                big("a block that counts one too many", () -> withCount(good, 3), 400, "invalid-block", "", BLOCK),
                big(
                        "a block that counts one too few",
                        () -> withCount(good, 1),
                        400,
                        "invalid-block",
                        "more lines",
                        BLOCK),
                big(
                        "a good block and half of one",
                        () -> concat(good, cut(good, 1)),
                        400,
                        "invalid-block",
                        "ends",
                        BLOCK),
                big(
                        "a block of another writer",
                        () -> good,
                        400,
                        "invalid-block",
                        "writer",
                        BLOCK,
                        "Millrace-Bot: other"),
                big("blocks with too many events", BadBlocks::manyBlocks, 413, "too-large", "100000", BLOCK),
                big("JSON as block", () -> "{\"payload\":1}".getBytes(UTF_8), 400, "invalid-block", "", BLOCK));
    }

    private static Block block(String writer) {
        BlockWriter lines = new BlockWriter(writer);
        lines.add(NewEvent.of(Payload.ofJson("{\"n\":1}")));
        lines.add(NewEvent.of(Payload.ofJson("{\"n\":2}")));
        return lines.build(false);
    }

    private static byte[] manyBlocks() {
        BlockWriter lines = new BlockWriter("");
        for (int i = 0; i < 60_000; i++) {
            lines.add(NewEvent.of(Payload.ofJson("1")));
        }
        byte[] half = lines.build(true).toBytes();
        return concat(half, half);
    }

    private static byte[] withCount(byte[] block, int count) {
        byte[] lying = block.clone();
        ByteBuffer buffer = ByteBuffer.wrap(lying);
        buffer.putInt(8, count);
        CRC32C crc = new CRC32C();
        crc.update(lying, 0, 64);
        crc.update(lying, 68, buffer.getShort(6) - 68);
        buffer.putInt(64, (int) crc.getValue());
        return lying;
    }

    private static byte[] cut(byte[] bytes, int off) {
        return Arrays.copyOf(bytes, bytes.length - off);
    }

    private static byte[] flip(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 0x55;
        return flipped;
    }
}
