package io.millrace.node.settings;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A range of IP addresses, such as {@code 10.0.0.0/8}; a single one has all its bits. */
public final class Cidr {
    private final byte[] address;
    private final int bits;

    private Cidr(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /**
     * Reads a range.
     *
     * @return empty if the text isn't an address in its usual form, with or without a length behind a slash
     * @throws IllegalArgumentException if it is one, and its length isn't
     */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty() && slash >= 0) {
            throw new IllegalArgumentException("is not a range of addresses: " + text);
        }
        return address.map(found -> {
            byte[] bytes = found.getAddress();
            String length = slash < 0 ? Integer.toString(bytes.length * 8) : text.substring(slash + 1);
            int bits = length.matches("\\d{1,3}") ? Integer.parseInt(length) : -1;
            if (bits < 0 || bits > bytes.length * 8) {
                throw new IllegalArgumentException("is not a range of addresses: " + text);
            }
            return new Cidr(bytes, bits);
        });
    }

    /** A range that is known to be one. */
    public static Cidr of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("is not a range of addresses: " + text));
    }

    /**
     * An address in its usual form: four decimal numbers, or IPv6 (without a zone). An IPv6 address that holds an IPv4 one
     * ({@code ::ffff:10.0.0.1}) is that one.
     */
    public static Optional<InetAddress> address(String text) {
        boolean v6 = text.indexOf(':') >= 0 && text.matches("[0-9A-Fa-f:.]{2,45}");
        boolean v4 = text.matches("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
        if (!v6 && !v4) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(text); // of an address it asks nobody
            boolean fits = v6 ? address.getAddress().length == 4 || address instanceof Inet6Address : true;
            return fits && (v6 || address.getHostAddress().equals(text)) ? Optional.of(address) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether an address, of 4 or 16 bytes, lies in it. */
    public boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (other[i] != address[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((other[whole] ^ address[whole]) & 0xff) >> (8 - rest) == 0;
    }
}
