package io.millrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.event.EventOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Blocks stand on disk for years: these bytes of version 1 must be readable forever. If a test here fails, the layout has
 * changed: give it a new version and keep reading this one.
 */
class BlockGoldenTest {
    /** Where the header tells how zstd did: these may change with its version. */
    private static final int STORED_LENGTH = 56;

    private static final int AFTER_CHECKSUMS = 68;

    /** The second has traces, which lines may have since then. */
    @ParameterizedTest
    @ValueSource(strings = {"block-v1", "block-v1-trace"})
    void shouldReadTheBlockOfVersion1(String name) throws IOException {
        EventOutput output = new EventOutput(1_000);
        for (Event event : Blocks.events(Block.read(ByteBuffer.wrap(resource(name + ".bin"))))) {
            output.event(event).text("\n");
        }

        assertThat(new String(output.take(), StandardCharsets.UTF_8))
                .isEqualTo(new String(resource(name + ".ndjson"), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"block-v1", "block-v1-trace"})
    void shouldWriteWhatStandsInTheBlockOfVersion1(String name) throws IOException {
        Block golden = Block.read(ByteBuffer.wrap(resource(name + ".bin")));
        Block written = name.endsWith("trace") ? traced() : block();

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

    private static Block traced() {
        BlockWriter writer = new BlockWriter("price");
        writer.add(NewEvent.of(Payload.ofJson("1"))
                .in(new Trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null)));
        writer.add(NewEvent.of(Payload.ofJson("2")));
        writer.add(new NewEvent(
                Payload.ofJson("{\"trace\":{}}"),
                Correlation.of("orders", new EventId(1_699_999_999_999L, 3)),
                1_699_999_990_000L,
                "other-bot",
                new Trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "a@v=\"q\" \\x,b=2")));
        return writer.build(true).stamped(new QueueName("priced"), new EventId(1_700_000_000_000L, 0));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = BlockGoldenTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }

    /** Writes the golden files anew, for a new version only: {@code BlockGoldenTest DIR}. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        write(directory, "block-v1", block());
        write(directory, "block-v1-trace", traced());
    }

    private static void write(Path directory, String name, Block block) throws IOException {
        Files.write(directory.resolve(name + ".bin"), block.toBytes());
        EventOutput output = new EventOutput(1_000);
        Blocks.events(block).forEach(event -> output.event(event).text("\n"));
        Files.write(directory.resolve(name + ".ndjson"), output.take());
    }
}
