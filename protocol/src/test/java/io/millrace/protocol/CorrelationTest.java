package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CorrelationTest {
    private static final EventId FIRST = new EventId(1_700_000_000_000L, 1);
    private static final EventId LAST = new EventId(1_700_000_000_000L, 9);

    @Test
    void oneParentHasNoEnd() {
        Correlation one = Correlation.of("orders", FIRST);

        assertThat(one).isEqualTo(new Correlation("orders", FIRST.toString(), null, 1));
        assertThat(one.last()).isEqualTo(FIRST.toString());
        assertThat(Correlation.of("orders", LAST, LAST, 1)).isEqualTo(Correlation.of("orders", LAST));
    }

    @Test
    void severalParentsHaveTheTrueFirstAndLast() {
        Correlation several = Correlation.of("orders", FIRST, LAST, 9);

        assertThat(several).isEqualTo(new Correlation("orders", FIRST.toString(), LAST.toString(), 9));
        assertThat(several.last()).isEqualTo(LAST.toString());
    }

    @Test
    void shouldRefuseMissingLongOrUnwritableParts() {
        String longest = "s".repeat(Correlation.MAX_TEXT);

        assertThat(new Correlation(longest, longest, longest, 1).source()).hasSize(1_000);
        assertThat(new Correlation("\ud83d\ude00", "x", null, 1).units()).isOne();
        refused(longest + "s", "x", null, 1);
        refused("", "x", null, 1);
        refused("q", "", null, 1);
        refused("q", "x", "", 1);
        refused("q", "x", null, 0);
        refused(null, "x", null, 1);
        refused("q", null, null, 1);
        refused("\ud83d", "x", null, 1);
        refused("q", "\ude00\ud83d", null, 1);
    }

    private static void refused(String source, String start, String end, long units) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Correlation(source, start, end, units))
                .withMessageStartingWith("a correlation has");
    }
}
