package io.millrace.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Ids;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.json.Json;
import io.millrace.protocol.json.RandomJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private static final QueueName QUEUE = new QueueName("orders");

    @Property(tries = 300)
    void documentsGiveTheSameEventsAsLinesAndAsAnArray(@ForAll("documents") List<String> documents) throws IOException {
        List<NewEvent> array = new ArrayList<>();
        EventInput.json(bytes(" [" + String.join(" ,\n", documents) + "]\n"), QUEUE, array::add);
        List<NewEvent> lines = new ArrayList<>();
        String oneEach =
                String.join("\n", documents.stream().map(EventJsonTest::oneLine).toList());
        EventInput.ndjson(bytes(oneEach), QUEUE, lines::add);

        assertThat(array).isEqualTo(lines);
        for (int i = 0; i < documents.size(); i++) {
            JsonNode expected = Json.mapper().readTree(documents.get(i));
            assertThat(array.get(i).payload()).hasToString(oneLine(documents.get(i)));
            assertThat(array.get(i).payload().tree()).isEqualTo(expected);
        }
    }

    @Property(tries = 300)
    void payloadsOfEventsAreTakenToTheLetter(@ForAll("documents") List<String> documents) {
        List<NewEvent> events = new ArrayList<>();
        String body = String.join(
                ",",
                documents.stream()
                        .map(json -> "{ \"id\" : \"b\" ,\"payload\":\n" + json + " , \"event\":\"orders\"}")
                        .toList());
        EventInput.json(bytes("[" + body + "]"), QUEUE, events::add);

        assertThat(events)
                .isEqualTo(documents.stream()
                        .map(json -> new NewEvent(Payload.ofJson(oneLine(json)), null, null, "b"))
                        .toList());
    }

    /** Raw line breaks are white space in JSON; in a stored event they are blanks. */
    private static String oneLine(String json) {
        return json.replace('\n', ' ').replace('\r', ' ');
    }

    @Property(tries = 300)
    void whatIsGivenOutIsReadBack(@ForAll("events") Event event) throws IOException {
        byte[] json = new EventOutput(10).event(event).take();

        Event read = Json.mapper().readValue(json, Event.class);

        assertThat(Json.mapper().readTree(json)).isEqualTo(Json.mapper().readTree(Json.bytes(event)));
        assertThat(read.payload().tree()).isEqualTo(event.payload().tree());
        assertThat(read)
                .isEqualTo(new Event(
                        event.bot(),
                        event.queue(),
                        event.eid(),
                        event.timestamp(),
                        event.sourceTimestamp(),
                        event.correlation(),
                        read.payload()));
    }

    @Test
    void aCompactEventIsReadBackEqual() throws IOException {
        Event event = new Event(
                "price",
                "priced",
                EventId.MIN,
                0,
                1,
                new Correlation("queue:\u00e9\"", "x\n", null, 1),
                Payload.ofJson("{\"a\":[1.00,1E+5,\"\u00e9\ud83d\ude00\",null]}"));

        byte[] json = new EventOutput(10).event(event).take();

        assertThat(Json.mapper().readValue(json, Event.class)).isEqualTo(event);
        assertThat(Json.mapper().writeValueAsString(event)).isEqualTo(new String(json, StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseAnEventWithoutItsFields() {
        String whole = "{\"event\":\"q\",\"eid\":\"" + EventId.MIN
                + "\",\"timestamp\":1,\"event_source_timestamp\":1,\"payload\":null}";
        assertThat(Json.read(bytes(whole), Event.class).payload()).hasToString("null");
        for (String field : List.of("event", "eid", "timestamp", "event_source_timestamp", "payload")) {
            String without =
                    whole.replaceFirst("\"" + field + "\":[^,}]*,?", "").replace(",}", "}");
            assertThatIllegalArgumentException().as(without).isThrownBy(() -> Json.read(bytes(without), Event.class));
        }
    }

    @Test
    void anOutputIsEmptyAfterItWasTaken() {
        EventOutput output = new EventOutput(0).text("\u00e9,");

        assertThat(output.length()).isEqualTo(3);
        assertThat(output.take()).hasSize(3);
        assertThat(output.take()).isEmpty();
    }

    @Provide
    Arbitrary<List<String>> documents() {
        return RandomJson.spaced().list().ofMinSize(1).ofMaxSize(5);
    }

    @Provide
    Arbitrary<Event> events() {
        Arbitrary<Correlation> correlations = Ids.any().map(id -> Correlation.of("orders", id));
        return Combinators.combine(
                        Arbitraries.of("price").injectNull(0.3),
                        Ids.any(),
                        Arbitraries.longs().between(1, EventId.MAX_MILLIS),
                        correlations.injectNull(0.3),
                        RandomJson.compact())
                .as((bot, eid, source, correlation, json) ->
                        new Event(bot, "priced", eid, eid.millis(), source, correlation, Payload.ofJson(json)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
