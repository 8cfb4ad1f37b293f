package io.millrace.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Payload;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EventsTest {
    private static final long[] IDS = {0, 9, 10, 99, 12_345, 999_999, 1_000_000, 123_456_789_012L};

    @ParameterizedTest
    @EnumSource
    void everyEventIs200BytesOfJsonThatTellItsNumber(Events.Note note) {
        Events events = Events.of(note);
        for (long id : IDS) {
            Payload event = events.event(id);
            assertThat(event.length()).isEqualTo(200);
            assertThat(events.id(event)).isEqualTo(id);
            JsonNode tree = event.tree();
            assertThat(tree.get("orderId").longValue()).isEqualTo(id);
            assertThat(tree.get("customer").textValue()).isEqualTo("c-" + id % 1_000);
            assertThat(tree.get("status").textValue()).isEqualTo("PAID");
        }
    }

    @ParameterizedTest
    @CsvSource({"PADDED, 3202843415", "REALISTIC, 9396006", "RANDOM, 470736680"})
    void theBytesAreThoseOfThePeersHarness(Events.Note note, long crc) {
        Events events = Events.of(note);
        CRC32 sum = new CRC32();
        for (int id = 0; id < 100_000; id++) {
            sum.update(events.event(id).toBytes());
        }
        assertThat(sum.getValue()).isEqualTo(crc);
    }

    @Test
    void eventsOfOtherSizesTellTheirNumberToo() {
        for (int size : new int[] {10, 140, 10 << 10, 1 << 20}) {
            Events events = Events.of(Events.Note.PADDED, size);
            Payload event = events.event(123_456);
            assertThat(event.length()).isEqualTo(size);
            assertThat(events.id(event)).isEqualTo(123_456);
            assertThat(event.tree()).isNotNull();
        }
    }
}
