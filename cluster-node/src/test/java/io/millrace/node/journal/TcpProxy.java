package io.millrace.node.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
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
    private final Random random = new Random();
    private Duration latency = Duration.ZERO;
    private Duration jitter = Duration.ZERO;
    private boolean refusing;
    private boolean closed;

    public TcpProxy(InetSocketAddress target) {
        this(target, InetAddress.getLoopbackAddress());
    }

    /** @param listen the address of this machine on which clients come */
    public TcpProxy(InetSocketAddress target, InetAddress listen) {
        this.target = target;
        try {
            this.door = new ServerSocket(0, 50, listen);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        start("accept", this::accept);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
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

    /**
     * What passes is late from now on, in both directions, until {@link #heal}: each piece of at most 64 KiB, one after
     * the other, so that a slow direction is a narrow one as well and nothing piles up here.
     *
     * @param latency of each piece
     * @param jitter at most so much more, by chance
     */
    public synchronized void slow(Duration latency, Duration jitter) {
        this.latency = latency;
        this.jitter = jitter;
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
        latency = Duration.ZERO;
        jitter = Duration.ZERO;
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
            delay();
            while (way(isRequest) == Way.HOLD && !closed) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        return way(isRequest) == Way.PASS;
    }

    private void delay() throws InterruptedException {
        long start = System.nanoTime();
        double share = random.nextDouble();
        long left;
        while (!closed
                && (left = latency.toNanos() + (long) (share * jitter.toNanos()) - (System.nanoTime() - start)) > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
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
