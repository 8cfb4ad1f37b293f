package io.millrace.node.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final Duration LATENCY = Duration.ofMillis(300);
    private static final int READ_MILLIS = 30_000;

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::serve, "echo");
        server.setDaemon(true);
        server.start();
        proxy = new TcpProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()));
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void shouldDelayBothDirectionsUntilItHeals() throws IOException {
        proxy.slow(LATENCY, Duration.ofMillis(50));
        try (Socket socket = connect()) {
            assertThat(roundTrip(socket)).isGreaterThanOrEqualTo(LATENCY.multipliedBy(2));

            proxy.slow(Duration.ofDays(1), Duration.ZERO);
            socket.getOutputStream().write(1);
            proxy.heal();
            assertThat(ends(socket)).isTrue();
        }
        try (Socket socket = connect()) {
            assertThat(roundTrip(socket)).isPositive();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        socket.setSoTimeout(READ_MILLIS);
        return socket;
    }

    private static Duration roundTrip(Socket socket) throws IOException {
        long start = System.nanoTime();
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean ends(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private void serve() {
        try {
            while (true) {
                Socket client = echo.accept();
                Thread one = new Thread(() -> answer(client), "echo-client");
                one.setDaemon(true);
                one.start();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void answer(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException ended) {
            // The proxy cut it.
        }
    }
}
