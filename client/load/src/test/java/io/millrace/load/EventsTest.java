package io.millrace.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Payload;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventsTest {
    @ParameterizedTest
    @EnumSource
    void everyEventIs200BytesOfJsonThatTellItsNumber(Events.Note note) {
        Events events = new Events(note);
        byte[] buffer = new byte[Events.SIZE];
        for (long id : new long[] {0, 9, 10, 99, 12_345, 999_999, 1_000_000, 123_456_789_012L}) {
            Payload event = events.event(id);
            assertThat(event.length()).isEqualTo(200);
            assertThat(Events.id(event, buffer)).isEqualTo(id);
            JsonNode tree = event.tree();
            assertThat(tree.get("orderId").longValue()).isEqualTo(id);
            assertThat(tree.get("customer").textValue()).isEqualTo("c-" + id % 1_000);
            assertThat(tree.get("status").textValue()).isEqualTo("PAID");
        }
    }
}
