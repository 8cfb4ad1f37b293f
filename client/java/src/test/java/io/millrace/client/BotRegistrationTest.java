package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BotRegistrationTest {
    @Test
    void aWebhookHasWhatItIsGiven() {
        BotRegistration registration = BotRegistration.webhook("https://hooks.example.com/orders")
                .secret("whsec_abc")
                .timeout(Duration.ofSeconds(5))
                .format(HandlerSpec.Format.JSON)
                .triggers("orders");

        assertThat(registration.toConfig().handler())
                .isEqualTo(new HandlerSpec.Webhook(
                        "https://hooks.example.com/orders",
                        Duration.ofSeconds(5),
                        "whsec_abc",
                        HandlerSpec.Format.JSON));
        assertThatThrownBy(() -> registration.settings(Map.of("a", 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyAWebhookHasASecret() {
        BotRegistration worker = BotRegistration.worker();

        assertThatThrownBy(() -> worker.secret("whsec_abc")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> worker.timeout(Duration.ofSeconds(5))).isInstanceOf(IllegalStateException.class);
        assertThat(worker.toConfig().handler()).isEqualTo(new HandlerSpec.Worker(null));
    }
}
