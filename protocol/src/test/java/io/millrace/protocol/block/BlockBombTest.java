package io.millrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import com.sun.management.ThreadMXBean;
import io.millrace.protocol.Limits;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.event.InvalidEventsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Blocks with right checksums that were made to hurt: refused, and never for more memory than one full block. */
class BlockBombTest {
    private static final int MIB = 1 << 20;
    private static final byte[] ONE_LINE = "{\"payload\":1}\n".getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldNotAllocateForALengthThatTheDataDoesNotShare() {
        Block small = Blocks.lying(1, 16 * MIB, Zstd.compress(ONE_LINE), true);

        assertAllocates(MIB, () -> refused(small, "the block's lines don't decompress to their length"));
    }

    @Test
    void shouldRefuseDataThatInflatesToMoreThanTheHeaderTells() {
        Block bomb = Blocks.lying(1, 1_000, Zstd.compress(new byte[64 * MIB]), true);

        assertAllocates(MIB, () -> refused(bomb, "the block's lines don't decompress to their length"));
    }

    @Test
    void shouldRefuseASecondZstdFrameBehindTheFirst() {
        byte[] frame = Zstd.compress(ONE_LINE);
        byte[] twice = Arrays.copyOf(frame, frame.length * 2);
        System.arraycopy(frame, 0, twice, frame.length, frame.length);

        refused(Blocks.lying(1, ONE_LINE.length, twice, true), "the block's lines don't decompress to their length");
        refused(
                Blocks.lying(2, 2 * ONE_LINE.length, twice, true),
                "the block's lines don't decompress to their length");
    }

    @Test
    void shouldRefuseZstdThatHidesItsLength() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var stream = new ZstdOutputStream(bytes)) {
            stream.write(ONE_LINE);
        }

        refused(
                Blocks.lying(1, ONE_LINE.length, bytes.toByteArray(), true),
                "the block's lines don't decompress to their length");
    }

    @Test
    void shouldRefuseNoiseAsZstd() {
        refused(Blocks.lying(1, 100, new byte[50], true), "the block's lines don't decompress to their length");
    }

    @Test
    void shouldRefuseCountsThatTheLinesDoNotHold() {
        byte[] lines = ONE_LINE.clone();

        Block few = Blocks.ofLines(lines, Limits.REQUEST_EVENTS, 0, 0, true);
        assertAllocates(MIB, () -> {
            assertThatThrownBy(() -> BlockCheck.check(few)).hasMessage("the block has fewer lines than events");
            assertThatThrownBy(() -> Blocks.newEvents(few)).isInstanceOf(BlockException.class);
        });
        Block many = Blocks.ofLines("{\"payload\":1}\n{\"payload\":2}\n", 1, 0, 0, true);
        assertThatThrownBy(() -> BlockCheck.check(many)).hasMessage("the block has more lines than events");
        assertThatThrownBy(() -> Blocks.newEvents(many)).hasMessage("the block has more lines than events");
    }

    @Test
    void shouldRefuseLengthsAndCountsBeyondTheLimits() {
        assertThatThrownBy(() -> Blocks.lying(1, Limits.REQUEST_BYTES + 1, ONE_LINE, true))
                .hasMessage("the block's decoded length is out of range");
        assertThatThrownBy(() -> Blocks.lying(1, 0, ONE_LINE, true)).isInstanceOf(BlockException.class);
        assertThatThrownBy(() -> Blocks.lying(1, -1, ONE_LINE, true)).isInstanceOf(BlockException.class);
        assertThatThrownBy(() -> Blocks.lying(1, 99, ONE_LINE, false))
                .hasMessage("the block's stored length is out of range");
        assertThatThrownBy(() -> Blocks.lying(Limits.REQUEST_EVENTS + 1, 14, ONE_LINE, false))
                .hasMessage("the block's event count is out of range");
        assertThatThrownBy(() -> Blocks.lying(0, 14, ONE_LINE, false)).isInstanceOf(BlockException.class);
    }

    @Test
    void anAppendsFramesShareTheLimitsOfOneRequest() {
        byte[] inflated = new byte[12 * MIB];
        Arrays.fill(inflated, (byte) ' ');
        Block half = Blocks.lying(1, inflated.length, Zstd.compress(inflated), true);
        ByteBuffer frames = ByteBuffer.allocate(half.length() * 1_000);
        while (frames.hasRemaining()) {
            half.write(frames);
        }
        frames.flip();

        assertAllocates(
                MIB,
                () -> assertThatThrownBy(() -> Block.readAppend(frames))
                        .isInstanceOfSatisfying(
                                InvalidEventsException.class,
                                e -> assertThat(e.type()).isEqualTo(ProblemType.TOO_LARGE))
                        .hasMessageContaining("16777216"));
    }

    @Test
    void lookingAtOneFullBlockOfBlanksTakesItsOwnSizeAtMost() {
        byte[] inflated = new byte[Limits.REQUEST_BYTES];
        Arrays.fill(inflated, (byte) ' ');
        Block bomb = Blocks.lying(Limits.REQUEST_EVENTS, inflated.length, Zstd.compress(inflated), true);

        assertAllocates(
                20L * MIB,
                () -> assertThatThrownBy(() -> BlockCheck.check(bomb)).isInstanceOf(InvalidEventsException.class));
        assertAllocates(
                20L * MIB,
                () -> assertThatThrownBy(() -> Blocks.newEvents(bomb)).isInstanceOf(BlockException.class));
    }

    @Test
    void shouldRefuseAnEventBeyondItsLimitInsideABlock() {
        String line = "{\"payload\":\"" + "x".repeat(Limits.EVENT_BYTES) + "\"}\n";

        assertThatThrownBy(() -> BlockCheck.check(Blocks.ofLines(line)))
                .isInstanceOfSatisfying(
                        InvalidEventsException.class, e -> assertThat(e.type()).isEqualTo(ProblemType.TOO_LARGE));
    }

    private static void refused(Block block, String message) {
        assertThatThrownBy(block::lines).isInstanceOf(BlockException.class).hasMessage(message);
        assertThatThrownBy(() -> BlockCheck.check(block)).isInstanceOf(BlockException.class);
        assertThatThrownBy(() -> new BlockReader(block)).isInstanceOf(BlockException.class);
    }

    private static void assertAllocates(long atMost, Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        work.run(); // what is loaded once doesn't count
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThanOrEqualTo(atMost);
    }
}
