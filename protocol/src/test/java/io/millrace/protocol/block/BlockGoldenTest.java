package io.millrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.event.EventOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Blocks stand on disk for years: these bytes of version 1 must be readable forever. If a test here fails, the layout has
 * changed: give it a new version and keep reading this one.
 */
class BlockGoldenTest {
    /** Where the header tells how zstd did: these may change with its version. */
    private static final int STORED_LENGTH = 56;

    private static final int AFTER_CHECKSUMS = 68;

    @Test
    void shouldReadTheBlockOfVersion1() throws IOException {
        EventOutput output = new EventOutput(1_000);
        for (Event event : Blocks.events(Block.read(ByteBuffer.wrap(resource("block-v1.bin"))))) {
            output.event(event).text("\n");
        }

        assertThat(new String(output.take(), StandardCharsets.UTF_8))
                .isEqualTo(new String(resource("block-v1.ndjson"), StandardCharsets.UTF_8));
    }

    @Test
    void shouldWriteWhatStandsInTheBlockOfVersion1() throws IOException {
        Block golden = Block.read(ByteBuffer.wrap(resource("block-v1.bin")));
        Block written = block();

        assertThat(new String(written.lines(), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden.lines(), StandardCharsets.UTF_8));
        byte[] expected = header(golden);
        byte[] actual = header(written);
        assertThat(Arrays.copyOf(actual, STORED_LENGTH)).isEqualTo(Arrays.copyOf(expected, STORED_LENGTH));
        assertThat(Arrays.copyOfRange(actual, AFTER_CHECKSUMS, actual.length))
                .isEqualTo(Arrays.copyOfRange(expected, AFTER_CHECKSUMS, expected.length));
    }

    private static byte[] header(Block block) {
        return Arrays.copyOf(block.toBytes(), block.header().length());
    }

    private static Block block() {
        BlockWriter writer = new BlockWriter("price");
        writer.add(NewEvent.of(Payload.ofJson("{\"sku\":\"A-1\",\"total\":12.50}")));
        writer.add(new NewEvent(
                Payload.ofJson(
                        "{\"name\":\"Caf\u00e9 \ud83d\ude00 \\u00e9\\n\",\"big\":123456789012345678901234567890}"),
                Correlation.of("orders", new EventId(1_699_999_999_999L, 3)),
                1_699_999_990_000L,
                null));
        writer.add(new NewEvent(
                Payload.ofJson("[]"),
                Correlation.of(
                        "queue:orders", new EventId(1_699_999_999_999L, 4), new EventId(1_700_000_000_000L, 0), 7),
                1_699_999_980_000L,
                "other-bot"));
        writer.add(
                new NewEvent(Payload.ofJson("null"), new Correlation("system:crm", "row \"17\"", null, 1), null, null));
        return writer.build(true).stamped(new QueueName("priced"), new EventId(1_700_000_000_000L, 9_999_998));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = BlockGoldenTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }

    /** Writes the golden files anew, for a new version only: {@code BlockGoldenTest DIR}. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Files.write(directory.resolve("block-v1.bin"), block().toBytes());
        EventOutput output = new EventOutput(1_000);
        List<Event> events = Blocks.events(block());
        events.forEach(event -> output.event(event).text("\n"));
        Files.write(directory.resolve("block-v1.ndjson"), output.take());
    }
}
