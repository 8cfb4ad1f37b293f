package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.http.WebhookSecrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server of a webhook believes. */
class WebhookCallTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final WebhookSecrets SIGNING = WebhookSecrets.of(SECRET).orElseThrow();
    private static final String OTHER = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final Instant NOW = Instant.parse("2025-01-31T09:15:14Z");
    private static final String EVENT =
            "{\"event\":\"orders\",\"eid\":\"z/2025/01/31/09/15/1738314900000-000000%d\",\"timestamp\":1738314900000,"
                    + "\"event_source_timestamp\":1738314900000,\"payload\":{\"n\":%d}}";

    private final Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private byte[] sent(String body) {
        fields.put("webhook-id", "msg_1");
        fields.put("webhook-timestamp", Long.toString(NOW.getEpochSecond()));
        fields.put("Millrace-Bot", "price");
        fields.put("Millrace-Queue", "orders");
        fields.put("Millrace-Run-Id", "run-7");
        fields.put("Millrace-Epoch", "7");
        fields.put("Millrace-Deadline", "2025-01-31T09:30:00Z");
        fields.put(
                "webhook-signature",
                SIGNING.sign("msg_1", NOW.getEpochSecond(), body.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow());
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private WebhookCall open(byte[] body, String secret) {
        return WebhookCall.open(fields::get, body, secret, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void aCallOfTheBusIsReadLineByLineOrAsAnArray() {
        String one = EVENT.formatted(1, 1);
        String two = EVENT.formatted(2, 2);
        for (String body : new String[] {one + "\n" + two + "\n", "[" + one + "," + two + "]"}) {
            WebhookCall call = open(sent(body), SECRET);

            assertThat(call.events()).hasSize(2);
            assertThat(call.events().get(1).payload().tree().get("n").asInt()).isEqualTo(2);
            assertThat(call.bot()).isEqualTo("price");
            assertThat(call.epoch()).isEqualTo(7);
            assertThat(call.deadline()).isEqualTo("2025-01-31T09:30:00Z");
        }
        fields.remove("Millrace-Queue");
        assertThat(open(sent(""), SECRET).events()).isEmpty();
        assertThat(open(sent("[]"), SECRET).events()).isEmpty();
    }

    @Test
    void whileASecretIsChangedOneSignatureHasToFit() {
        byte[] body = sent(EVENT.formatted(1, 1));
        fields.compute("webhook-signature", (name, fits) -> "v1,AAAA v1a,x " + fits);

        assertThat(open(body, OTHER + " " + SECRET).events()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "webhook-id, msg_2",
        "webhook-timestamp, 1738314915",
        "webhook-signature, 'v1,'",
        "webhook-signature, ''"
    })
    void whatWasChangedOnTheWayIsRefused(String field, String value) {
        byte[] body = sent(EVENT.formatted(1, 1));
        fields.put(field, value);

        assertThatThrownBy(() -> open(body, SECRET))
                .isInstanceOf(WebhookRefusedException.class)
                .hasMessageContaining("the signature doesn't fit");
    }

    @Test
    void anotherBodyAnotherSecretAndNoFieldAreRefused() {
        byte[] body = sent(EVENT.formatted(1, 1));
        assertThatThrownBy(() -> open(EVENT.formatted(1, 2).getBytes(StandardCharsets.UTF_8), SECRET))
                .isInstanceOf(WebhookRefusedException.class);
        assertThatThrownBy(() -> open(body, OTHER)).isInstanceOf(WebhookRefusedException.class);
        assertThatThrownBy(() -> open(body, "secret")).isInstanceOf(IllegalArgumentException.class);
        fields.remove("webhook-signature");
        assertThatThrownBy(() -> open(body, SECRET)).hasMessageContaining("no field webhook-signature");
    }

    @Test
    void aCallOfYesterdayIsRefusedThoughItIsSigned() {
        byte[] body = sent("");
        Clock late = Clock.fixed(NOW.plus(WebhookCall.TOLERANCE).plusSeconds(1), ZoneOffset.UTC);

        assertThatThrownBy(() -> WebhookCall.open(fields::get, body, SECRET, late))
                .isInstanceOf(WebhookRefusedException.class)
                .hasMessageContaining("its time");
        fields.put("webhook-timestamp", "now");
        assertThatThrownBy(() -> open(body, SECRET)).hasMessageContaining("it can't be read");
    }
}
