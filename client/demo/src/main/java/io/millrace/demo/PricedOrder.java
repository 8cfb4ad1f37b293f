package io.millrace.demo;

/**
 * An order and what it costs; an event in {@code priced}.
 *
 * @param cents the whole order's price
 */
record PricedOrder(long number, String customer, String item, int quantity, long cents) {
    static PricedOrder of(Order order) {
        return new PricedOrder(
                order.number(),
                order.customer(),
                order.item(),
                order.quantity(),
                order.quantity() * PriceList.cents(order.item()));
    }
}
