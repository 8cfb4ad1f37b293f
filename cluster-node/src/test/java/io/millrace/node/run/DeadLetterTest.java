package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.application.Append;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.http.RunProtocol.Action;
import io.millrace.protocol.http.RunProtocol.Verdict;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final Verdict VERDICT =
            new Verdict(Action.DEAD_LETTER, 3, Instant.ofEpochMilli(1), Instant.ofEpochMilli(2), "no\r\ncustomer");

    private static NewEvent only(Append append) {
        BlockReader reader = new BlockReader(append.blocks().get(0));
        assertThat(reader.advance()).isTrue();
        NewEvent event = reader.newEvent();
        assertThat(reader.advance()).isFalse();
        return event;
    }

    @Test
    void aDeadLetterHasTheEventAsItWasWhereItCameFromAndWhatWentWrong() {
        Event event = Events.event(7, "{\"price\":1.10,\"big\":12345678901234567890123}");
        Append append = DeadLetter.append(Events.RUN, event, VERDICT);

        NewEvent letter = only(append);
        JsonNode json = letter.payload().tree();
        assertThat(letter.payload().toString())
                .contains("\"payload\":{\"price\":1.10,\"big\":12345678901234567890123}");
        assertThat(json.get("error").asText()).isEqualTo("no  customer");
        assertThat(json.get("attempts").asInt()).isEqualTo(3);
        assertThat(json.get("queue").asText()).isEqualTo(event.queue());
        assertThat(json.get("eid").asText()).isEqualTo(event.eid().toString());
        assertThat(json.get("firstFailedAt").asText()).isEqualTo("1970-01-01T00:00:00.001Z");
        assertThat(letter.correlation()).isEqualTo(event.asParent());
        assertThat(append.run()).isEqualTo(Events.RUN);
        assertThat(append.parents()).singleElement().satisfies(parents -> {
            assertThat(parents.source()).isEqualTo(event.queue());
            assertThat(parents.greatest()).isEqualTo(event.eid());
        });
    }

    @Test
    void anEventThatFillsTheLimitLeavesItsPayloadWhereItIs() {
        Event event = Events.event(7, "\"" + "x".repeat(Limits.EVENT_BYTES - 200) + "\"");
        NewEvent letter = only(DeadLetter.append(Events.RUN, event, VERDICT));
        assertThat(letter.payload().tree().get("tooLarge").asBoolean()).isTrue();
        assertThat(letter.payload().tree().has("payload")).isFalse();
    }

    @Test
    void anErrorIsOneBoundedLineOfText() {
        assertThat(DeadLetter.oneLine(null)).isEmpty();
        assertThat(DeadLetter.oneLine("a\u0000b\u0085c\ud800")).isEqualTo("a b c?");
        assertThat(DeadLetter.oneLine("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
        assertThat(DeadLetter.oneLine("x".repeat(1_999) + "\ud83d\ude00"))
                .hasSize(2_000)
                .endsWith("?");
    }
}
