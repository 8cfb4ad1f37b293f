package io.millrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayTotalTest {
    private static Event priced(long number, String time) {
        long millis = Instant.parse(time).toEpochMilli();
        PricedOrder order = new PricedOrder(number, "c", "flour, 25 kg", 1, 100 * number);
        return new Event("price", "priced", new EventId(millis, 0), millis, millis, null, Payload.of(order));
    }

    @Test
    void aBatchOfOneDayIsOneTotal() {
        assertThat(DayTotal.of(List.of(priced(7, "2026-01-01T10:00:00Z"), priced(8, "2026-01-01T11:00:00Z"))))
                .containsExactly(new DayTotal("2026-01-01", 7, 8, 2, 1_500));
    }

    @Test
    void aBatchOverMidnightIsOneForEachDay() {
        assertThat(DayTotal.of(List.of(priced(1, "2026-01-01T23:59:59.999Z"), priced(2, "2026-01-02T00:00:00Z"))))
                .containsExactly(new DayTotal("2026-01-01", 1, 1, 1, 100), new DayTotal("2026-01-02", 2, 2, 1, 200));
    }
}
