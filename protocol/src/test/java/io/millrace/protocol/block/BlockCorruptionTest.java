package io.millrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.event.InvalidEventsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockCorruptionTest {
    private static final List<NewEvent> EVENTS = List.of(
            NewEvent.of(Payload.ofJson("{\"a\":\"" + "ab".repeat(40) + "\"}")),
            new NewEvent(Payload.ofJson("[1,2]"), Correlation.of("orders", Blocks.FIRST), 1_600_000_000_000L, "b"));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noFlippedBitEverGivesOtherEvents(boolean compress) {
        BlockWriter writer = new BlockWriter("price");
        EVENTS.forEach(writer::add);
        Block sound = writer.build(compress).stamped(new QueueName("priced"), Blocks.FIRST);
        List<Event> expected = Blocks.events(sound);
        byte[] bytes = sound.toBytes();
        assertThat(sound.header().zstd()).isEqualTo(compress);

        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refusedOr(expected, flipped, "bit " + bit);
        }
    }

    private static void refusedOr(List<Event> expected, byte[] bytes, String what) {
        try {
            assertThat(Blocks.events(Block.read(ByteBuffer.wrap(bytes))))
                    .as(what)
                    .isEqualTo(expected);
        } catch (BlockException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
        }
    }

    @Test
    void shouldRefuseEveryTruncation() {
        byte[] bytes = Blocks.of("price", EVENTS).toBytes();

        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> Block.read(cut)).as("cut at " + length).isInstanceOf(BlockException.class);
        }
    }

    @Test
    void shouldReadFramesInsideALargerBufferAndRefuseWhatFollowsThem() {
        byte[] frame = Blocks.of("price", EVENTS).toBytes();
        ByteBuffer buffer = ByteBuffer.allocate(frame.length + 20);
        buffer.position(7);
        buffer.put(frame)
                .put("garbage".getBytes(StandardCharsets.US_ASCII))
                .flip()
                .position(7);

        assertThat(Blocks.newEvents(Block.read(buffer))).isEqualTo(EVENTS);
        assertThatThrownBy(() -> Block.readAll(buffer)).isInstanceOf(BlockException.class);
        assertThatThrownBy(() -> Block.readAppend(ByteBuffer.allocate(0)))
                .isInstanceOf(BlockException.class)
                .hasMessage("the block ends inside its header");
    }

    /** Checksums prove nothing about what somebody writes on purpose. */
    @Test
    void readersStandAnyLines() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] lines = new String(Blocks.of("", EVENTS).lines(), StandardCharsets.UTF_8)
                .repeat(2)
                .getBytes(StandardCharsets.UTF_8);
        String alphabet = "{}\":,\n \\payloadid0123456789\u0000";
        for (int round = 0; round < 20_000; round++) {
            byte[] garbled = lines.clone();
            for (int edits = random.nextInt(6); edits >= 0; edits--) {
                garbled[random.nextInt(garbled.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            Block block = Blocks.ofLines(garbled, 1 + random.nextInt(5), 0, 0, true);
            String what = "seed " + seed + " round " + round;
            only(catchThrowable(() -> Blocks.newEvents(block)), what);
            only(catchThrowable(() -> BlockCheck.check(block)), what);
        }
    }

    @Test
    void readersStandPureNoise() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[1 + random.nextInt(60)];
            random.nextBytes(noise);
            Block block = Blocks.ofLines(noise, 1 + random.nextInt(3), 0, 0, true);
            only(catchThrowable(() -> Blocks.newEvents(block)), "seed " + seed);
            only(catchThrowable(() -> BlockCheck.check(block)), "seed " + seed);
            only(catchThrowable(() -> Block.read(ByteBuffer.wrap(noise))), "seed " + seed);
        }
    }

    private static void only(Throwable thrown, String what) {
        boolean told = thrown == null || thrown instanceof BlockException || thrown instanceof InvalidEventsException;
        if (!told) {
            fail(what, thrown);
        }
    }
}
