package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.http.BotInfo.Counts;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final int MINUTE = 60_000;
    private static final int HOUR = 60 * MINUTE;

    @Property
    void aWindowCountsEachEventOnceAndMissesAtMostItsOldestBucket(
            @ForAll @Size(max = 60) List<@IntRange(max = 2 * HOUR) Integer> ages) {
        List<Integer> oldestFirst = new ArrayList<>(ages);
        oldestFirst.sort(java.util.Comparator.reverseOrder());
        Tally tally = Tally.NONE;
        for (int age : oldestFirst) {
            tally = tally.plus(NOW - age, 1, 0, 0, 0);
        }

        assertThat(tally.rates(NOW).minute().read()).isBetween(within(ages, 55_000), within(ages, MINUTE));
        assertThat(tally.rates(NOW).quarterHour().read())
                .isBetween(within(ages, 14 * MINUTE), within(ages, 15 * MINUTE));
        assertThat(tally.rates(NOW).hour().read()).isBetween(within(ages, 55 * MINUTE), within(ages, HOUR));
        assertThat(tally.minute()).hasSizeLessThanOrEqualTo(12);
        assertThat(tally.quarterHour()).hasSizeLessThanOrEqualTo(15);
        assertThat(tally.hour()).hasSizeLessThanOrEqualTo(12);
    }

    /** Those younger than that. */
    private static long within(List<Integer> ages, int millis) {
        return ages.stream().filter(age -> age < millis).count();
    }

    @Test
    void eachKindIsCountedForItself() {
        Tally tally = Tally.NONE.plus(NOW, 1, 2, 3, 4).plus(NOW + 1, 10, 20, 30, 40);

        assertThat(tally.rates(NOW + 1).minute()).isEqualTo(new Counts(11, 22, 33, 44));
        assertThat(tally.rates(NOW + 1).hour()).isEqualTo(new Counts(11, 22, 33, 44));
        assertThat(Tally.NONE.plus(NOW, 0, 0, 0, 0)).isSameAs(Tally.NONE);
    }

    @Test
    void twoIncarnationsCountTogether() {
        Tally before = Tally.NONE.plus(NOW - 30_000, 5, 0, 1, 0);
        Tally after = Tally.NONE.plus(NOW, 7, 0, 1, 0);

        assertThat(before.plus(after, NOW).rates(NOW).minute()).isEqualTo(new Counts(12, 0, 2, 0));
        assertThat(after.plus(before, NOW)).isEqualTo(before.plus(after, NOW));
    }

    @Test
    void aClockThatIsSetBackNeitherLosesNorKeepsForEver() {
        Tally ahead = Tally.NONE.plus(NOW + HOUR, 5, 0, 0, 0);

        Tally back = ahead.plus(NOW, 1, 0, 0, 0);

        assertThat(back.rates(NOW).minute().read()).isEqualTo(6);
        assertThat(back.rates(NOW + MINUTE).minute().read()).isZero();
    }

    @Test
    void itIsSmallAndComesBackFromItsText() {
        Tally tally = Tally.NONE.plus(NOW, 1, 2, 3, 4);

        byte[] json = Json.bytes(tally);

        assertThat(Json.read(json, Tally.class)).isEqualTo(tally);
        assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"minute\":[[340000000,1,2,3,4]]");
    }
}
