package io.millrace.node.queue;

import static io.millrace.node.queue.Given.append;
import static io.millrace.node.queue.Given.block;
import static io.millrace.node.queue.Given.events;
import static io.millrace.node.queue.Given.incompressible;
import static io.millrace.node.queue.TestQueue.taken;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Append;
import io.millrace.node.queue.QueueDecision.Verdict;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.ParentRange;
import io.millrace.protocol.http.AppendResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** {@link TestQueue} checks of each record that its head tells what is in it. */
class RecordPackerTest {
    private final TestQueue queue = new TestQueue();

    @Test
    void smallBlocksOfOneWriterBecomeOneCompressedBlock() {
        queue.append(IntStream.range(0, 100)
                .mapToObj(i -> append(block("b", events("the same words again " + i))))
                .toList());

        assertThat(blocks()).hasSize(1);
        assertThat(blocks().get(0).header().events()).isEqualTo(100);
        assertThat(blocks().get(0).header().zstd()).isTrue();
        assertThat(blocks().get(0).header().writer()).isEqualTo("b");
        assertThat(queue.records).hasSize(1);
    }

    @Test
    void aFewBytesAreNotWorthCompressing() {
        queue.append(append("a"));
        assertThat(blocks().get(0).header().zstd()).isFalse();
    }

    @Test
    void blocksOfDifferentWritersAreKeptApartInTheirOrder() {
        queue.append(
                append(block("b", events("1"))),
                append(block("b", events("2"))),
                append(block("c", events("3"))),
                append(block("b", events("4"))));

        assertThat(blocks().stream().map(block -> block.header().writer())).containsExactly("b", "c", "b");
        assertThat(queue.stored.stream().map(Event::bot)).containsExactly("b", "b", "c", "b");
        assertThat(queue.payloads()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void compressedBlocksAreStoredAsTheyCame() {
        Block given = block("b", true, events("same same same", "same same same", "same same same"));
        assertThat(given.header().zstd()).isTrue();

        queue.append(append("a"), append(given), append("z"));

        assertThat(blocks()).hasSize(3);
        assertThat(blocks().get(1).lines()).isEqualTo(given.lines());
        assertThat(blocks().get(1).header().crc()).isEqualTo(given.header().crc());
        assertThat(queue.payloads()).startsWith("a").endsWith("z").hasSize(5);
    }

    @Test
    void aMergedBlockIsFullAtAQuarterOfAMebibyte() {
        queue.append(IntStream.range(0, 40)
                .mapToObj(i -> append(block("", incompressible(1, 20_000 + i))))
                .toList());

        assertThat(blocks())
                .hasSizeBetween(3, 6)
                .allSatisfy(
                        block -> assertThat(block.header().rawLength()).isLessThanOrEqualTo(RecordPacker.MERGED_BYTES));
    }

    @Test
    void anOversizedBlockIsCutAndRecordsStayWithinOneMebibyte() {
        NewEvent[] many = incompressible(300, 20_000);
        AppendResult result = queue.take(append(block("b", many)));

        assertThat(result.events()).isEqualTo(300);
        assertRecords();
        assertThat(records()).hasSizeGreaterThan(4);
        assertThat(queue.payloads())
                .containsExactlyElementsOf(Arrays.stream(many)
                        .map(event -> event.payload().as(String.class))
                        .toList());
    }

    @Test
    void onlyASingleLargeEventMakesALargerRecord() {
        NewEvent[] mixed = Stream.of(
                        incompressible(3, 200_000),
                        incompressible(1, 3_000_000),
                        incompressible(4, 200_001),
                        incompressible(1, 3_000_001))
                .flatMap(Arrays::stream)
                .toArray(NewEvent[]::new);

        queue.take(append(block("", mixed)));

        assertRecords();
        assertThat(queue.payloads())
                .containsExactlyElementsOf(Arrays.stream(mixed)
                        .map(event -> event.payload().as(String.class))
                        .toList());
    }

    @Test
    void theLastRecordOfACommitEndsAllItsTakes() {
        List<Append> appends = new ArrayList<>();
        IntStream.range(0, 8).forEach(i -> appends.add(append(block("", incompressible(2, 150_000 + i)))));
        List<Verdict> verdicts = queue.append(appends);

        List<QueueEvent.Appended> records = records();
        assertThat(records).hasSizeGreaterThan(1);
        assertThat(records.subList(0, records.size() - 1))
                .allSatisfy(record -> assertThat(record.takes()).isEmpty());
        QueueEvent.Appended last = records.get(records.size() - 1);
        assertThat(last.takes()).hasSize(8);
        for (int i = 0; i < 8; i++) {
            AppendResult answer = taken(verdicts.get(i));
            assertThat(last.takes().get(i).first()).isEqualTo(answer.first());
            assertThat(queue.stored.subList(2 * i, 2 * i + 2).stream().map(Event::eid))
                    .containsExactly(answer.first(), answer.last());
        }
    }

    @Test
    void aCommitOfRepetitionsOnlyIsARecordWithoutBlocks() {
        queue.take(Given.output(Given.run("b", 0, 1), Given.child("s", Given.source(1), "a")));
        queue.take(Given.output(Given.run("b", 0, 2), Given.child("s", Given.source(1), "a")));

        QueueEvent.Appended record = records().get(1);
        assertThat(record.blocks()).isEmpty();
        assertThat(record.events()).isZero();
        assertThat(record.last()).isEqualTo(records().get(0).last());
    }

    @Test
    void anEventAHairBelowTheLimitRefusesItsAppendWhereItMustBeStoredAnew() {
        queue.take(Given.output(Given.run("b", 0, 1), Given.child("s", Given.source(1), "x")));
        String correlation =
                "{\"correlation_id\":{\"source\":\"s\",\"start\":\"" + Given.source(2) + "\",\"units\":1},";
        String line = correlation + "\"payload\":\"";
        line += "z".repeat(Limits.EVENT_BYTES - line.length() - 2) + "\"}\n";
        Append append = new Append(
                List.of(handMade(line)),
                null,
                Given.run("b", 0, 1),
                List.of(new ParentRange("s", Given.source(1), Given.source(2))));

        TestQueue.assertRefused(queue.append(append).get(0), ProblemType.TOO_LARGE);
        queue.take(append("the queue lives"));
    }

    /** A frame of one line that no writer makes: it reckons more bytes for an event than the event may need. */
    private static Block handMade(String line) {
        byte[] lines = line.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = block("", events("x")).toBytes();
        int header = block("", events("x")).header().length();
        ByteBuffer made = ByteBuffer.allocate(header + lines.length);
        made.put(frame, 0, header).put(lines);
        made.putInt(52, lines.length).putInt(56, lines.length).putInt(60, crc(lines, 0, lines.length));
        byte[] checked = new byte[header - 4];
        System.arraycopy(made.array(), 0, checked, 0, 64);
        System.arraycopy(made.array(), 68, checked, 64, header - 68);
        made.putInt(64, crc(checked, 0, checked.length));
        return Block.of(made.array());
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private void assertRecords() {
        assertThat(records()).allSatisfy(record -> {
            if (record.bytes() > RecordPacker.RECORD_BYTES) {
                assertThat(record.events()).as("events of a large record").isEqualTo(1);
            }
        });
    }

    private List<QueueEvent.Appended> records() {
        return queue.records.stream().map(QueueEvent.Appended.class::cast).toList();
    }

    private List<Block> blocks() {
        return records().stream().flatMap(record -> record.blocks().stream()).toList();
    }
}
