package io.millrace.node.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.BotId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTokensTest {
    private static final RunTokens TOKENS = new RunTokens("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
    private static final RunRef RUN =
            new RunRef(new BotId("price"), "run-1", 7, 2, Instant.ofEpochMilli(1_700_000_000_123L));

    @Test
    void aTokenProvesItsRun() {
        assertThat(TOKENS.read(TOKENS.sign(RUN))).contains(RUN);
    }

    @Property(tries = 200)
    void everyRunComesBack(
            @ForAll long epoch,
            @ForAll long generation,
            @ForAll @LongRange(min = 0, max = 9_999_999_999_999L) long end) {
        RunRef run =
                new RunRef(new BotId("b".repeat(200)), "r".repeat(36), epoch, generation, Instant.ofEpochMilli(end));
        assertThat(TOKENS.read(TOKENS.sign(run))).contains(run);
    }

    @Test
    void anotherClustersTokenProvesNothing() {
        RunTokens other = new RunTokens("fedcba9876543210".getBytes(StandardCharsets.UTF_8));
        assertThat(TOKENS.read(other.sign(RUN))).isEmpty();
    }

    @Test
    void anEpochThatWasMadeUpProvesNothing() {
        String token = TOKENS.sign(RUN);
        String content = new String(
                Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))), StandardCharsets.UTF_8);
        assertThat(content).contains("|7|");
        String forged = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(content.replace("|7|", "|8|").getBytes(StandardCharsets.UTF_8));

        assertThat(TOKENS.read(forged + token.substring(token.indexOf('.')))).isEmpty();
    }

    @Test
    void everyCutOffTokenProvesNothing() {
        String token = TOKENS.sign(RUN);
        for (int length = 0; length < token.length(); length++) {
            assertThat(TOKENS.read(token.substring(0, length)))
                    .as("%s characters", length)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "%.%", "cHJpY2U.cHJpY2U", "é.é", "|||||", "\u0000.\u0000"})
    void nonsenseProvesNothing(String token) {
        assertThat(TOKENS.read(token)).isEmpty();
    }

    @Test
    void aTokenThatIsTooLongIsNotLookedAt() {
        assertThat(TOKENS.read("a".repeat(500) + "." + "b".repeat(20))).isEmpty();
    }

    @Property(tries = 500)
    void noRandomTextIsEverTakenForAToken(@ForAll @StringLength(max = 100) String text) {
        assertThat(TOKENS.read(text)).isEqualTo(Optional.empty());
    }

    @Test
    void aSecretThatIsTooShortIsRefused() {
        assertThatThrownBy(() -> new RunTokens(new byte[15])).hasMessageContaining("16 bytes");
    }
}
