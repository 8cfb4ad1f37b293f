package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    @Property
    void everyPrefixOfEveryIdIsLegalAndLiesBeforeAllThatItPrefixes(@ForAll("ids") EventId id) {
        String text = id.toString();
        for (int length = 1; length < text.length(); length++) {
            Position prefix = Position.parse(text.substring(0, length));

            assertThat(prefix.isBefore(id)).as("%s before %s", prefix, id).isTrue();
            assertThat(prefix.firstAfter().toString()).startsWith(prefix.toString());
            assertThat(prefix.firstAfter().compareTo(id)).isNotPositive();
        }
        assertThat(Position.parse(text).isBefore(id)).isFalse();
    }

    @Property
    void isBeforeAgreesWithComparingTexts(
            @ForAll("ids") EventId id,
            @ForAll("ids") EventId other,
            @ForAll @IntRange(min = 1, max = EventId.LENGTH) int length) {
        Position position = Position.parse(other.toString().substring(0, length));
        Assume.that(!position.equals(Position.of(EventId.MAX)));

        assertThat(position.isBefore(id)).isEqualTo(position.toString().compareTo(id.toString()) < 0);
        assertThat(position.isBefore(id)).isEqualTo(position.firstAfter().compareTo(id) <= 0);
    }

    /** Anybody may ask for what comes after it. */
    @Test
    void shouldHaveNothingAfterTheLastId() {
        Position last = Position.parse(EventId.MAX.toString());

        assertThat(last.isBefore(EventId.MAX)).isFalse();
        assertThat(last.firstAfter()).isEqualTo(EventId.MAX);
    }

    @Test
    void anIdIsExclusiveAndItsSuccessorComesFirst() {
        EventId id = new EventId(1_700_000_000_000L, EventId.POSITIONS_PER_MILLI - 1);

        assertThat(Position.of(id).isBefore(id)).isFalse();
        assertThat(Position.of(id).firstAfter()).isEqualTo(new EventId(1_700_000_000_001L, 0));
        assertThat(Position.of(id)).isEqualTo(Position.parse(id.toString()));
    }

    @Test
    void theBeginningLiesBeforeTheLeastId() {
        assertThat(Position.BEGINNING.isBefore(EventId.MIN)).isTrue();
        assertThat(Position.parse("z").isBefore(EventId.MIN)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/",
                "z//",
                "z2023",
                "z/0",
                "z/1969",
                "z/2287",
                "z/3",
                "z/2286/12",
                "z/2286/11/21",
                "z/2023/00",
                "z/2023/13",
                "z/2023/2",
                "z/2023/11/00",
                "z/2023/11/31",
                "z/2023/02/29",
                "z/2023/02/3",
                "z/2023/11/14/24",
                "z/2023/11/14/3",
                "z/2023/11/14/22/60",
                "z/2023/11/14/22/13/18",
                "z/2023/11/14/22/13/1800000000000",
                "z/2023/11/14/22/13/1700000000000/",
                "z/2023/11/14/22/13/1700000000000-0000000-",
                "z/2023/11/14/22/13/1700000000000-00000000",
                "z/2023/11/14 ",
                " z/2023",
                "z/\u0662023",
                "queue:x",
                "now"
            })
    void shouldRefuseWhatNoIdBeginsWith(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse(text))
                .withMessageStartingWith("not an event id");
    }

    @Property
    void shouldEqualWhatReadsTheSame(@ForAll("ids") EventId id) {
        Position made = Position.of(id);
        Position read = Position.parse(id.toString());

        assertThat(made).isEqualTo(read).hasSameHashCodeAs(read).hasToString(id.toString());
        assertThat(made).isNotEqualTo(Position.of(id.plus(id.equals(EventId.MIN) ? 1 : -1)));
        assertThat(Position.parse("z/")).isNotEqualTo(Position.parse("z")).isNotEqualTo(Position.of(EventId.MIN));
    }

    @Provide
    Arbitrary<EventId> ids() {
        return Ids.any();
    }
}
