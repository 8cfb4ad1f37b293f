package io.millrace.demo;

/**
 * What a customer wants; an event in {@code orders}.
 *
 * @param number from 1, without a gap
 * @param customer who
 * @param item what, one of the price list
 * @param quantity how many, from 1
 */
record Order(long number, String customer, String item, int quantity) {
    /** The order of a number: the same whoever makes it. */
    static Order of(long number) {
        return new Order(number, "customer-" + number % 97, PriceList.item(number), 1 + (int) (number % 5));
    }
}
