package io.millrace.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls of webhooks are signed. */
class WebhookSecretsTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    @Test
    void theVectorThatStandardWebhooksPublishes() {
        assertThat(WebhookSecrets.of(SECRET).orElseThrow().sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY))
                .contains("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void whileASecretIsChangedBothSign() {
        String other = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

        String both = WebhookSecrets.of(other + " " + SECRET)
                .orElseThrow()
                .sign("a", 1, BODY)
                .orElseThrow();

        assertThat(both)
                .isEqualTo(WebhookSecrets.of(other)
                                .orElseThrow()
                                .sign("a", 1, BODY)
                                .orElseThrow() + " "
                        + WebhookSecrets.of(SECRET)
                                .orElseThrow()
                                .sign("a", 1, BODY)
                                .orElseThrow());
    }

    @Test
    void oneOfSeveralSignaturesHasToFitOneOfTheSecrets() {
        WebhookSecrets secrets = WebhookSecrets.of(SECRET).orElseThrow();
        String signature = secrets.sign("a", 1, BODY).orElseThrow();

        assertThat(secrets.haveSigned("v1,AAAA v1a,x " + signature, "a", 1, BODY))
                .isTrue();
        assertThat(secrets.haveSigned(signature, "b", 1, BODY)).isFalse();
        assertThat(secrets.haveSigned(signature, "a", 2, BODY)).isFalse();
        assertThat(secrets.haveSigned(signature, "a", 1, new byte[0])).isFalse();
        assertThat(secrets.haveSigned("", "a", 1, BODY)).isFalse();
    }

    @Test
    void withoutASecretNothingIsSigned() {
        assertThat(WebhookSecrets.of(null).orElseThrow().sign("a", 1, BODY)).isEmpty();
        assertThat(WebhookSecrets.of(null).orElseThrow().haveSigned("", "a", 1, BODY))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "secret",
                "whsec_",
                "whsec_c2hvcnQ=",
                "whsec_%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                SECRET + "  " + SECRET,
                SECRET + " " + SECRET + " " + SECRET
            })
    void otherFormsAreRefused(String secret) {
        assertThat(WebhookSecrets.of(secret)).isEmpty();
    }
}
