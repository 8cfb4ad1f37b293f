package io.millrace.load.simulation;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Readers that ask for an event stream and then take nothing of it, as a hung process does. */
final class StalledReaders implements AutoCloseable {
    private static final int SMALL = 4_096;
    private final List<Socket> sockets = new ArrayList<>();

    /** Opens so many, in turn on these queues. */
    StalledReaders(URI url, List<String> queues, int readers) {
        try {
            for (int i = 0; i < readers; i++) {
                Socket socket = new Socket(url.getHost(), url.getPort());
                sockets.add(socket);
                socket.setReceiveBufferSize(SMALL);
                String request = "GET /v1/queues/" + queues.get(i % queues.size()) + "/events HTTP/1.1\r\nHost: "
                        + url.getAuthority() + "\r\nAccept: text/event-stream\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            close();
            throw new IllegalStateException("no connection to " + url, e);
        }
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException gone) {
                // as it should be
            }
        }
    }
}
