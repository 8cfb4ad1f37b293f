package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("'z/'uuuu/MM/dd/HH/mm/").withZone(ZoneOffset.UTC);
    private static final int LAST = EventId.POSITIONS_PER_MILLI - 1;

    @Property
    void idsOrderAsStringsAsTheyOrderInTime(@ForAll("ids") EventId a, @ForAll("ids") EventId b) {
        assertThat(Integer.signum(a.toString().compareTo(b.toString()))).isEqualTo(Integer.signum(a.compareTo(b)));
        assertThat(a.isAfter(b)).isEqualTo(a.toString().compareTo(b.toString()) > 0);
    }

    @Property
    void textIsWhatTheCalendarSaysAndParsesBack(@ForAll("ids") EventId id) {
        String expected = MINUTE.format(Instant.ofEpochMilli(id.millis()))
                + String.format("%013d-%07d", id.millis(), id.position());

        assertThat(id).hasToString(expected);
        assertThat(EventId.parse(expected)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00.000Z",
                "1972-02-29T23:59:59.999Z",
                "2000-02-29T00:00:00.000Z",
                "2000-02-28T23:59:59.999Z",
                "2024-02-29T12:30:00.001Z",
                "2100-02-28T23:59:59.999Z",
                "2100-03-01T00:00:00.000Z",
                "2000-12-31T23:59:59.999Z",
                "2286-11-20T17:46:39.999Z"
            })
    void datesAtTheEdgesOfTheCalendarRoundTrip(String instant) {
        textIsWhatTheCalendarSaysAndParsesBack(
                new EventId(Instant.parse(instant).toEpochMilli(), 7));
    }

    @Test
    void theWholeRangeIsThirteenDigitsAndSevenPositions() {
        assertThat(EventId.MIN).hasToString("z/1970/01/01/00/00/0000000000000-0000000");
        assertThat(new EventId(EventId.MAX_MILLIS, LAST)).hasToString("z/2286/11/20/17/46/9999999999999-9999999");
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId(EventId.MAX_MILLIS + 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId(0, LAST + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId(0, -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "z",
                "z/",
                "z/2023/11/14/22/13/1700000000000-00000000",
                "z/2023/11/14/22/13/1700000000000-000000",
                "z/2023/11/14/22/14/1700000000000-0000000",
                "z/2023/11/31/22/13/1700000000000-0000000",
                "y/2023/11/14/22/13/1700000000000-0000000",
                "z/2023/11/14/22/13/170000000000O-0000000",
                "z/2023/11/14/22/13/1700000000000_0000000",
                "z/2023/11/14/22/13/1700000000000-00000-1",
                "z/2023/11/14/22/13/1700000000000-000000\u0663",
                "z-2023/11/14/22/13/1700000000000-0000000"
            })
    void shouldRefuseWhatIsNoId(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventId.parse(text))
                .withMessageStartingWith("not an event id");
    }

    @Property
    void nextIsAlwaysGreaterWhateverTheClockDoes(@ForAll("ids") EventId id, @ForAll("millis") long now) {
        if (id.equals(new EventId(EventId.MAX_MILLIS, LAST))) {
            return;
        }
        EventId next = id.next(now);

        assertThat(next.toString()).isGreaterThan(id.toString());
        if (now > id.millis()) {
            assertThat(next).isEqualTo(new EventId(now, 0));
        }
    }

    @Test
    void nextCountsOnWhileTheClockStandsOrGoesBackAndSpillsOutOfAFullMillisecond() {
        EventId id = new EventId(1_700_000_000_000L, 41);

        assertThat(id.next(1_700_000_000_000L)).isEqualTo(new EventId(1_700_000_000_000L, 42));
        assertThat(id.next(1_600_000_000_000L)).isEqualTo(new EventId(1_700_000_000_000L, 42));
        assertThat(id.next(1_700_000_000_001L)).isEqualTo(new EventId(1_700_000_000_001L, 0));
        assertThat(new EventId(1_700_000_000_000L, LAST).next(1_700_000_000_000L))
                .isEqualTo(new EventId(1_700_000_000_001L, 0));
    }

    @Property
    void minusUndoesPlus(
            @ForAll @LongRange(max = 9_000_000_000_000L) long millis,
            @ForAll @IntRange(max = LAST) int position,
            @ForAll @LongRange(max = 100_000_000_000L) long n) {
        EventId id = new EventId(millis, position);

        assertThat(id.plus(n).minus(id)).isEqualTo(n);
        assertThat(id.plus(n).compareTo(id)).isEqualTo(n == 0 ? 0 : 1);
    }

    @Provide
    Arbitrary<EventId> ids() {
        return Ids.any();
    }

    @Provide
    Arbitrary<Long> millis() {
        return Ids.millis();
    }
}
