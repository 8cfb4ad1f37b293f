package io.millrace.demo;

import java.util.List;

/** What a mill sells, and for how much. */
enum PriceList {
    FLOUR("flour, 25 kg", 2_150),
    BRAN("bran, 10 kg", 640),
    GRINDSTONE("grindstone", 48_000),
    PADDLE("paddle of oak", 7_999);

    private static final List<PriceList> ALL = List.of(values());

    private final String item;
    private final long cents;

    PriceList(String item, long cents) {
        this.item = item;
        this.cents = cents;
    }

    /** Each in turn. */
    static String item(long number) {
        return ALL.get((int) (number % ALL.size())).item;
    }

    /**
     * The price of one.
     *
     * @throws IllegalArgumentException if it isn't sold here
     */
    static long cents(String item) {
        for (PriceList entry : ALL) {
            if (entry.item.equals(item)) {
                return entry.cents;
            }
        }
        throw new IllegalArgumentException("not on the price list: " + item);
    }
}
