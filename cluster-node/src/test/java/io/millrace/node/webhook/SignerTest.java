package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignerTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    @Test
    void theVectorThatStandardWebhooksPublishes() {
        assertThat(Signer.of(SECRET).orElseThrow().sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY))
                .contains("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void whileASecretIsChangedBothSign() {
        String other = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

        String both =
                Signer.of(other + " " + SECRET).orElseThrow().sign("a", 1, BODY).orElseThrow();

        assertThat(both)
                .isEqualTo(Signer.of(other).orElseThrow().sign("a", 1, BODY).orElseThrow() + " "
                        + Signer.of(SECRET).orElseThrow().sign("a", 1, BODY).orElseThrow());
    }

    @Test
    void withoutASecretNothingIsSigned() {
        assertThat(Signer.of(null).orElseThrow().sign("a", 1, BODY)).isEmpty();
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
        assertThat(Signer.of(secret)).isEmpty();
    }
}
