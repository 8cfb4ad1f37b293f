package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Problem;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotConfig.OnPoison;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoisonRulesTest {
    private static List<String> wrong(@Nullable Integer attempts, @Nullable Duration backoff) {
        return BotRules.check(
                        Given.retrying(new BotConfig.Retry(attempts, backoff), null), handler -> true, Instant.EPOCH)
                .stream()
                .flatMap(problem -> problem.errors().stream())
                .map(Problem.InputError::pointer)
                .toList();
    }

    @Test
    void deadLettersAfterThreeAttemptsAreTheDefault() {
        PoisonRules rules = PoisonRules.of(Given.config(Given.JAVA, "orders"));
        assertThat(rules).isEqualTo(new PoisonRules(3, Duration.ofSeconds(1), OnPoison.DEAD_LETTER));
    }

    @Test
    void whatCannotWorkIsRefusedWithAPointer() {
        assertThat(wrong(null, null)).isEmpty();
        assertThat(wrong(1, Duration.ofMillis(10))).isEmpty();
        assertThat(wrong(10, Duration.ofHours(1))).isEmpty();
        assertThat(wrong(0, null)).containsExactly("/retry/attempts");
        assertThat(wrong(11, null)).containsExactly("/retry/attempts");
        assertThat(wrong(3, Duration.ZERO)).containsExactly("/retry/backoff");
        assertThat(wrong(3, Duration.ofHours(2))).containsExactly("/retry/backoff");
        assertThat(wrong(-1, Duration.ofSeconds(-1))).containsExactly("/retry/attempts", "/retry/backoff");
    }

    @Property
    void waitsDoubleUpToAnHourLessAtMostAHalf(
            @ForAll @IntRange(min = 1, max = 10) int attempt,
            @ForAll @IntRange(min = 10, max = 3_600_000) int backoff,
            @ForAll @IntRange(max = 1_000_000) int event) {
        PoisonRules rules = new PoisonRules(10, Duration.ofMillis(backoff), OnPoison.SKIP);
        long whole = Math.min(Duration.ofHours(1).toMillis(), (long) backoff << (attempt - 1));
        assertThat(rules.wait(Given.id(event), attempt)).isBetween(whole / 2, whole);
        assertThat(rules.wait(Given.id(event), attempt)).isEqualTo(rules.wait(Given.id(event), attempt));
    }
}
