package io.millrace.demo;

/** What a customer is asked to pay; an event in {@code invoices}. */
record Invoice(long number, String customer, String text, long cents) {
    static Invoice of(PricedOrder order) {
        return new Invoice(order.number(), order.customer(), order.quantity() + " x " + order.item(), order.cents());
    }
}
