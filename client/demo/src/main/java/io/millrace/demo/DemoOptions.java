package io.millrace.demo;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is told.
 *
 * @param url the node's address
 * @param rate orders a second, 1 to 100,000
 * @param orders the number of the last order to write, over all starts
 */
record DemoOptions(URI url, int rate, long orders) {
    /** A fast machine's bus takes more; the demo is no benchmark. */
    private static final int HIGHEST_RATE = 100_000;

    static final String USAGE = "Usage: Demo --url http://HOST:PORT [--rate ORDERS_A_SECOND] [--orders LAST_NUMBER]";

    /**
     * Reads arguments, a later one over an earlier one.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static DemoOptions parse(List<String> arguments) {
        URI url = null;
        int rate = 200;
        long orders = Long.MAX_VALUE;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String name = left.pop();
            String value = left.poll();
            switch (name) {
                case "--url" -> url = url(value);
                case "--rate" -> rate = (int) number(name, value, 1, HIGHEST_RATE);
                case "--orders" -> orders = number(name, value, 0, Long.MAX_VALUE);
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }
        if (url == null) {
            throw new IllegalArgumentException("--url is missing");
        }
        return new DemoOptions(url, rate, orders);
    }

    private static URI url(@Nullable String value) {
        try {
            if (value != null && !value.isEmpty()) {
                return URI.create(value);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("--url takes an address like http://127.0.0.1:8080");
    }

    private static long number(String name, @Nullable String value, long least, long most) {
        try {
            long number = Long.parseLong(String.valueOf(value));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                name + " takes a number from " + least + (most == Long.MAX_VALUE ? "" : " to " + most));
    }
}
