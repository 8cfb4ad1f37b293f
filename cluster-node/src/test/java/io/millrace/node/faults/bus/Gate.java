package io.millrace.node.faults.bus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way into one node for the other nodes. Each of them comes from an address of its own, so that what a single one says can be
 * swallowed while all others are heard: a cut without any privilege. Nodes speak to each other over one connection for each
 * direction, so this swallows one direction. A connection that lost bytes can't go on: it ends when its sender is heard again.
 */
final class Gate implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final int BACKLOG = 50;

    private final InetSocketAddress target;
    private final ServerSocket door;
    private final Set<InetAddress> unheard = ConcurrentHashMap.newKeySet();
    private final Map<Socket, InetAddress> open = new ConcurrentHashMap<>();

    /**
     * Opens it.
     *
     * @param at where the other nodes find it
     * @param target where the node listens
     */
    Gate(InetSocketAddress at, InetSocketAddress target) {
        this.target = target;
        try {
            this.door = new ServerSocket(at.getPort(), BACKLOG, at.getAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        start(this::accept);
    }

    /** From now on nothing that {@code sender} says arrives. */
    void swallow(InetAddress sender) {
        unheard.add(sender);
    }

    /** From now on {@code sender} is heard again. */
    void hear(InetAddress sender) {
        if (unheard.remove(sender)) {
            open.forEach((socket, from) -> {
                if (from.equals(sender)) {
                    close(socket);
                }
            });
        }
    }

    @Override
    public void close() {
        close(door);
        open.keySet().forEach(Gate::close);
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            start(() -> connect(client));
        }
    }

    private void connect(Socket client) throws IOException {
        InetAddress sender = client.getInetAddress();
        Socket server = new Socket();
        open.put(client, sender);
        open.put(server, sender);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target);
        } catch (IOException nodeAway) {
            end(client, server);
            return;
        }
        start(() -> pump(server, client, sender));
        pump(client, server, sender);
    }

    private void pump(Socket from, Socket to, InetAddress sender) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!unheard.contains(sender)) {
                    out.write(buffer, 0, read);
                }
            }
        } finally {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        open.remove(one);
        open.remove(other);
        close(one);
        close(other);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception ignored) {
            // It was ending anyway.
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // One side went away, or the gate was closed.
                    }
                },
                "gate");
        thread.setDaemon(true);
        thread.start();
    }
}
