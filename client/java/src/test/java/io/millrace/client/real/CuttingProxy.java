package io.millrace.client.real;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;

/** Stands before a node and now and then cuts a connection in the middle of a request or an answer. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final URI target;
    private final Random random;
    private volatile double odds;

    CuttingProxy(URI target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** How likely each piece of traffic is the last of its connection. */
    void odds(double of) {
        odds = of;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(target.getHost(), target.getPort());
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                daemon(() -> pump(near, far));
                daemon(() -> pump(far, near));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (isCut()) {
                    out.write(buffer, 0, read / 2);
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // the other side ended
        }
    }

    private synchronized boolean isCut() {
        return random.nextDouble() < odds;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
