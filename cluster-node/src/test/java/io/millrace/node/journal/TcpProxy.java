package io.millrace.node.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a client and a server on this machine and hurts what passes: swallows or holds back one direction,
 * cuts connections, refuses new ones. A stream that lost bytes can't go on, so {@link #heal} cuts it.
 */
public final class TcpProxy implements AutoCloseable {
    private enum Way {
        PASS,
        DROP,
        HOLD
    }

    private final InetSocketAddress target;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private Way requests = Way.PASS;
    private Way responses = Way.PASS;
    private boolean refusing;
    private boolean closed;

    public TcpProxy(InetSocketAddress target) {
        this.target = target;
        try {
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        start("accept", this::accept);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), door.getLocalPort());
    }

    /** What the server answers is lost; it does get the requests. */
    public synchronized void dropResponses() {
        responses = Way.DROP;
    }

    /** The server gets no request any more. */
    public synchronized void dropRequests() {
        requests = Way.DROP;
    }

    /** The server gets the requests later, after {@link #release}. */
    public synchronized void holdRequests() {
        requests = Way.HOLD;
    }

    /** The client gets the answers later, after {@link #release}. */
    public synchronized void holdResponses() {
        responses = Way.HOLD;
    }

    /** What was held back goes on its way. */
    public synchronized void release() {
        requests = Way.PASS;
        responses = Way.PASS;
        notifyAll();
    }

    /** New connections end at once, those that are open end now. */
    public synchronized void refuse() {
        refusing = true;
        cut();
    }

    /** All connections end; new ones are fine. */
    public void cut() {
        open.forEach(TcpProxy::close);
    }

    /** Connections that may have lost bytes end; from now on all is well. */
    public synchronized void heal() {
        cut();
        refusing = false;
        release();
    }

    @Override
    public synchronized void close() {
        closed = true;
        close(door);
        cut();
        notifyAll();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            synchronized (this) {
                if (refusing || closed) {
                    close(client);
                    continue;
                }
            }
            try {
                Socket server = new Socket(target.getAddress(), target.getPort());
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                start("requests", () -> pump(client, server, true));
                start("responses", () -> pump(server, client, false));
            } catch (IOException serverAway) {
                close(client);
            }
        }
    }

    private void pump(Socket from, Socket to, boolean isRequest) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (mayPass(isRequest)) {
                    out.write(buffer, 0, read);
                }
            }
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized boolean mayPass(boolean isRequest) throws IOException {
        try {
            while (way(isRequest) == Way.HOLD && !closed) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        return way(isRequest) == Way.PASS;
    }

    private synchronized Way way(boolean isRequest) {
        return isRequest ? requests : responses;
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception ignored) {
            // It was ending anyway.
        }
    }

    private static void start(String name, Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // The other side went away, or the proxy was closed.
                    }
                },
                "tcp-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws IOException;
    }
}
