package io.millrace.node.faults.checker;

/** Values as longs: {@code <client>-<n>} is packed, anything else gets a number. Exact, no hashes: equal codes are equal texts. */
final class Values {
    private static final int NUMBER_BITS = 44;
    private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;
    private static final int MOST_DIGITS = 13;
    private static final int MOST_CLIENTS = 1 << 18;

    private final Names clients = new Names();
    private final Names others = new Names();

    long code(String value) {
        int dash = value.lastIndexOf('-');
        int digits = value.length() - dash - 1;
        if (dash < 0 || digits < 1 || digits > MOST_DIGITS || (digits > 1 && value.charAt(dash + 1) == '0')) {
            return other(value);
        }
        long number = 0;
        for (int i = dash + 1; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return other(value);
            }
            number = number * 10 + digit;
        }
        long client = clients.number(value.substring(0, dash));
        return client < MOST_CLIENTS ? (client << NUMBER_BITS) | number : other(value);
    }

    private long other(String value) {
        return -1L - others.number(value);
    }

    String text(long code) {
        return code < 0
                ? others.text((int) (-1L - code))
                : clients.text((int) (code >>> NUMBER_BITS)) + "-" + (code & NUMBER_MASK);
    }
}
