package io.millrace.demo;

import io.millrace.client.BatchLimits;
import io.millrace.client.BotRegistration;
import io.millrace.client.Millrace;
import java.time.Duration;

/** The queues and bots of the demo. */
final class Pipeline {
    static final String ORDERS = "orders";
    static final String PRICED = "priced";
    static final String INVOICES = "invoices";
    static final String TOTALS = "totals";

    static final String PRICE = "price";
    static final String INVOICE = "invoice";
    static final String DAILY_TOTAL = "daily-total";

    private static final BatchLimits TOTAL_OF = BatchLimits.count(500).within(Duration.ofSeconds(1));

    private Pipeline() {}

    /**
     * Registers the three bots, or finds them registered, and does the runs of the two that aren't java handlers on the
     * node until {@code millrace} is closed.
     */
    static void start(Millrace millrace) {
        millrace.bots()
                .register(
                        PRICE,
                        BotRegistration.java(PriceHandler.class.getName())
                                .description("Looks up the price of each order, on the node")
                                .triggers(ORDERS)
                                .writes(PRICED));
        millrace.bots()
                .register(
                        INVOICE,
                        BotRegistration.worker()
                                .description("Writes an invoice for each priced order, in a process of its own")
                                .triggers(PRICED)
                                .writes(INVOICES));
        millrace.bots()
                .register(
                        DAILY_TOTAL,
                        BotRegistration.worker()
                                .description("Adds up priced orders: many to one")
                                .triggers(PRICED)
                                .writes(TOTALS)
                                .batch(TOTAL_OF));
        millrace.worker(
                INVOICE,
                (event, out) -> out.emit(INVOICES, Invoice.of(event.payload().as(PricedOrder.class))));
        millrace.batchWorker(
                DAILY_TOTAL, (events, out) -> DayTotal.of(events).forEach(total -> out.emit(TOTALS, total)));
    }
}
