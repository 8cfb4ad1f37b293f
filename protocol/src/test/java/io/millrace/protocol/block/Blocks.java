package io.millrace.protocol.block;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Ids;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Trace;
import io.millrace.protocol.json.RandomJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Blocks for tests: random ones, and ones whose lines or headers no writer would make. */
final class Blocks {
    static final EventId FIRST = new EventId(1_700_000_000_000L, 41);

    private Blocks() {}

    static Arbitrary<NewEvent> events() {
        Arbitrary<String> texts = Arbitraries.oneOf(
                Arbitraries.of("queue:orders", "a\"b\\c", "\u0001\n\t", "\u00e9\ud83d\ude00", "system:crm"),
                Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(20),
                Ids.any().map(EventId::toString));
        Arbitrary<Correlation> correlations = Combinators.combine(
                        texts, texts, texts.injectNull(0.5), Arbitraries.longs().between(1, 999_999_999_999_999_999L))
                .as(Correlation::new);
        return Combinators.combine(
                        RandomJson.compact(),
                        correlations.injectNull(0.5),
                        Arbitraries.longs().between(1, EventId.MAX_MILLIS).injectNull(0.5),
                        Arbitraries.of("price", "b-2").injectNull(0.6),
                        traces().injectNull(0.6))
                .as((json, correlation, source, bot, trace) ->
                        new NewEvent(Payload.ofJson(json), correlation, source, bot, trace));
    }

    private static Arbitrary<Trace> traces() {
        return Combinators.combine(
                        Arbitraries.strings().withChars("0123456789abcdef").ofLength(31),
                        Arbitraries.strings().withChars("0123456789abcdef").ofLength(15),
                        Arbitraries.of("00", "01", "03"),
                        Arbitraries.of("a=1", "v@s=\"\\ x,b=2").injectNull(0.5))
                .as((id, parent, flags, state) -> new Trace("00-1" + id + "-1" + parent + "-" + flags, state));
    }

    static Block of(String writer, List<NewEvent> events) {
        BlockWriter block = new BlockWriter(writer);
        events.forEach(block::add);
        return block.build(true);
    }

    static List<NewEvent> newEvents(Block block) {
        List<NewEvent> events = new ArrayList<>();
        BlockReader reader = new BlockReader(block);
        while (reader.advance()) {
            events.add(reader.newEvent());
        }
        return events;
    }

    static List<Event> events(Block block) {
        List<Event> events = new ArrayList<>();
        BlockReader reader = new BlockReader(block);
        while (reader.advance()) {
            events.add(reader.event());
        }
        return events;
    }

    /** A sound frame around any lines; {@code least} 0 means that all take their source timestamp from their id. */
    static Block ofLines(String lines, int events, long least, long greatest, boolean implicit) {
        return ofLines(lines.getBytes(StandardCharsets.UTF_8), events, least, greatest, implicit);
    }

    static Block ofLines(byte[] lines, int events, long least, long greatest, boolean implicit) {
        return Block.ofLines(lines, lines.length, header(events, least, greatest, implicit, lines.length), true);
    }

    static Block ofLines(String lines) {
        return ofLines(lines, (int) lines.chars().filter(c -> c == '\n').count(), 0, 0, true);
    }

    static BlockHeader header(int events, long least, long greatest, boolean implicit, int length) {
        return new BlockHeader(
                false, false, implicit, events, EventId.MIN, EventId.MIN, least, greatest, length, length, 0, "", "");
    }

    /** A frame whose checksums are right and whose header tells {@code rawLength}, whatever {@code stored} holds. */
    static Block lying(int events, int rawLength, byte[] stored, boolean zstd) {
        CRC32C crc = new CRC32C();
        crc.update(stored);
        BlockHeader header = new BlockHeader(
                false,
                zstd,
                true,
                events,
                EventId.MIN,
                EventId.MIN,
                0,
                0,
                rawLength,
                stored.length,
                (int) crc.getValue(),
                "",
                "");
        return Block.read(ByteBuffer.wrap(new Block(header, ByteBuffer.wrap(stored)).toBytes()));
    }
}
