package io.millrace.node.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on. */
public final class FreePort {

    // Below the range that Linux gives to outgoing connections (32768 and up), so that none of those can take the port
    // between the look and its use.
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 200;

    private FreePort() {}

    /**
     * A port that was free a moment ago; who binds it must expect to find it taken, rarely.
     *
     * @throws IOException when 200 attempts found none
     */
    public static int find(String address) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(address, port)) {
                return port;
            }
        }
        throw new IOException("no free port on " + address + " between " + FIRST + " and " + LAST);
    }

    /** Whether a server could listen there now; false also when {@code address} isn't this machine's. */
    public static boolean isFree(String address, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            // As servers bind: connections that are timing out after a stop don't count.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address), port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
