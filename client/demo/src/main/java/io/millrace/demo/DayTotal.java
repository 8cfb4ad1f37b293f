package io.millrace.demo;

import io.millrace.protocol.Event;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A part of what a day has brought; an event in {@code totals}. The parts of a day add up to its total.
 *
 * @param day in UTC, after the time when the order entered the bus
 * @param first the first order counted here
 * @param last the last order counted here; all between them are
 * @param orders how many
 * @param cents their prices
 */
record DayTotal(String day, long first, long last, long orders, long cents) {
    /** One for each day in a batch of {@code priced}: nearly always one. */
    static List<DayTotal> of(List<Event> priced) {
        Map<LocalDate, DayTotal> days = new TreeMap<>();
        for (Event event : priced) {
            LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(event.sourceTimestamp()), ZoneOffset.UTC);
            PricedOrder order = event.payload().as(PricedOrder.class);
            days.merge(
                    day,
                    new DayTotal(day.toString(), order.number(), order.number(), 1, order.cents()),
                    DayTotal::plus);
        }
        return List.copyOf(days.values());
    }

    private DayTotal plus(DayTotal later) {
        return new DayTotal(day, first, later.last, orders + later.orders, cents + later.cents);
    }
}
