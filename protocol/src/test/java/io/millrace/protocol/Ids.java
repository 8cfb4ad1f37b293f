package io.millrace.protocol;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random event ids: anywhere in the range, and close together where orders are decided. */
public final class Ids {
    private Ids() {}

    public static Arbitrary<Long> millis() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, EventId.MAX_MILLIS),
                Arbitraries.longs().between(1_700_000_000_000L, 1_700_000_000_010L),
                Arbitraries.longs().between(1_709_164_799_000L, 1_709_251_201_000L));
    }

    public static Arbitrary<EventId> any() {
        Arbitrary<Integer> positions = Arbitraries.oneOf(
                Arbitraries.integers().between(0, EventId.POSITIONS_PER_MILLI - 1),
                Arbitraries.integers().between(0, 3));
        return Combinators.combine(millis(), positions).as(EventId::new);
    }
}
