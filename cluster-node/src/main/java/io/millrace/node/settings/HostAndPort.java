package io.millrace.node.settings;

import java.net.InetSocketAddress;

/** Reads {@code host:port}. */
final class HostAndPort {
    private static final int HIGHEST_PORT = 65_535;

    private HostAndPort() {}

    /** The address, resolved if it can be. */
    static InetSocketAddress parse(String key, String text) {
        int colon = text.lastIndexOf(':');
        int port = colon < 1 ? -1 : port(text.substring(colon + 1));
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(key + " must be host:port, not " + text);
        }
        return new InetSocketAddress(text.substring(0, colon), port);
    }

    private static int port(String text) {
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    }
}
