package io.millrace.node.cassandra;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Asks a server for its CQL options: the one request that needs neither a session nor a log-in. */
final class CqlPing {

    private static final byte[] OPTIONS = {0x04, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00};
    private static final int RESPONSE_V4 = 0x84;
    private static final int SUPPORTED = 0x06;

    private CqlPing() {}

    /** Whether CQL is spoken there; blocks up to twice {@code limit} (connect, then answer). */
    static boolean answers(InetSocketAddress server, Duration limit) {
        int millis = Math.toIntExact(limit.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(server, millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(OPTIONS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int version = in.readUnsignedByte();
            in.skipNBytes(3);
            return version == RESPONSE_V4 && in.readUnsignedByte() == SUPPORTED;
        } catch (IOException silent) {
            return false;
        }
    }
}
