package io.millrace.node.webhook;

import io.millrace.node.settings.Cidr;
import io.millrace.node.settings.WebhookSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which addresses webhooks may reach: those of the public Internet, and what the settings allow. An IPv6 address that carries
 * an IPv4 one to its end (mapped, NAT64) is held against the rules of that one; all other such forms are refused.
 */
final class AddressRules {
    /** IANA's special-purpose registry, multicast and reserved space, and a metadata service at a public address (Azure). */
    private static final List<Cidr> CLOSED_V4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");

    private static final Cidr GLOBAL_V6 = Cidr.of("2000::/3");

    /** Within that: Teredo and other protocols' (2001::/23), documentation, 6to4, and the two of AS112. */
    private static final List<Cidr> CLOSED_V6 =
            ranges("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

    private static final Cidr NAT64 = Cidr.of("64:ff9b::/96");
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private final WebhookSettings.Allow allow;

    AddressRules(WebhookSettings.Allow allow) {
        this.allow = allow;
    }

    private static List<Cidr> ranges(String... texts) {
        return Stream.of(texts).map(Cidr::of).toList();
    }

    /**
     * The address to connect to: the first that may be reached.
     *
     * @param host the name that it was resolved from
     * @throws ForbiddenTargetException if none may
     */
    InetAddress choose(String host, List<InetAddress> addresses) {
        return addresses.stream()
                .filter(address -> permits(host, address))
                .findFirst()
                .orElseThrow(() -> new ForbiddenTargetException("the address of " + host
                        + " is not one that webhooks may reach (setting millrace.webhook.allow)"));
    }

    /** Whether a host may be reached at an address. */
    boolean permits(String host, InetAddress address) {
        byte[] bytes = plain(address.getAddress());
        return allow.hosts().contains(host.toLowerCase(Locale.ROOT))
                || allow.ranges().stream()
                        .anyMatch(range -> range.contains(bytes) || range.contains(address.getAddress()))
                || !isClosed(bytes);
    }

    private static boolean isClosed(byte[] address) {
        return address.length == 4
                ? CLOSED_V4.stream().anyMatch(range -> range.contains(address))
                : !GLOBAL_V6.contains(address) || CLOSED_V6.stream().anyMatch(range -> range.contains(address));
    }

    /** The IPv4 address that an IPv6 one leads to, else itself. */
    private static byte[] plain(byte[] address) {
        boolean carries = address.length == 16
                && (NAT64.contains(address) || Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length));
        return carries ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    /**
     * The address that a host is, without asking anybody.
     *
     * @param host as it stands in a URL, IPv6 without its brackets
     * @return empty if it is a name
     * @throws ForbiddenTargetException if it is a number of another form ({@code 2130706433}, {@code 0x7f.1}, {@code 127.1}),
     *     which different readers understand in different ways
     */
    static Optional<InetAddress> literal(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        Optional<InetAddress> address = Cidr.address(name);
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (address.isEmpty() && (name.indexOf(':') >= 0 || last.isEmpty() || last.matches("\\d+|0[xX][0-9A-Fa-f]*"))) {
            throw new ForbiddenTargetException("an address must stand in its usual form");
        }
        boolean isLocal = name.equalsIgnoreCase("localhost")
                || name.toLowerCase(Locale.ROOT).endsWith(".localhost");
        return isLocal ? Optional.of(loopback(name)) : address;
    }

    /** Names under localhost are loopback by definition (RFC 6761). */
    private static InetAddress loopback(String name) {
        try {
            return InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // it has four bytes
        }
    }
}
