package io.millrace.node.faults.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetnsIT {
    private static final AtomicInteger TEXTS = new AtomicInteger();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Netns netns;
    private Inside one;
    private Inside two;

    @BeforeEach
    void open() {
        String why = Netns.unavailable().orElse("");
        if (!why.isEmpty()) {
            System.out.println("SKIPPED cuts by network namespaces: " + why);
        }
        assumeTrue(why.isEmpty(), why);
        netns = Netns.of(List.of("n1", "n2"));
        one = new Inside("n1");
        two = new Inside("n2");
    }

    @AfterEach
    void close() {
        if (netns != null) {
            one.close();
            two.close();
            netns.close();
        }
    }

    @Test
    void shouldCutBothWaysAndHeal() {
        assertHears(one, two);
        assertHears(two, one);

        netns.cut("n1", "n2");
        String lost = one.send(two);
        String lostToo = two.send(one);

        netns.heal();
        assertHears(one, two);
        assertHears(two, one);
        assertThat(two.said).doesNotContain("got " + lost);
        assertThat(one.said).doesNotContain("got " + lostToo);
    }

    @Test
    void shouldCutOneWayOnly() {
        assertHears(one, two);

        netns.cutOneWay("n1", "n2");
        String lost = one.send(two);
        assertHears(two, one);

        netns.heal();
        assertHears(one, two);
        assertThat(two.said).doesNotContain("got " + lost);
    }

    @Test
    void shouldCutANodeFromOnePortOfThisMachine() throws IOException {
        InetAddress host = InetAddress.getByName(netns.hostAddress());
        try (ServerSocket cassandra = new ServerSocket(0, 50, host);
                ServerSocket other = new ServerSocket(0, 50, host)) {
            assertThat(one.connect(cassandra.getLocalPort())).isEqualTo("connected");

            netns.cutFromHost("n1", cassandra.getLocalPort());
            assertThat(one.connect(cassandra.getLocalPort())).isEqualTo("no connection");
            assertThat(one.connect(other.getLocalPort())).isEqualTo("connected");
            assertThat(two.connect(cassandra.getLocalPort())).isEqualTo("connected");

            netns.heal();
            assertThat(one.connect(cassandra.getLocalPort())).isEqualTo("connected");
        }
    }

    @Test
    void shouldLeaveNothingBehind() {
        Netns other = Netns.of(List.of("n1"));
        other.close();
        other.close();

        assertThat(Shell.run("ip", "netns", "list").output())
                .doesNotContain(other.command("n1", List.of()).get(3));
    }

    /** Datagrams may get lost anyway: the first ones wait for the address. */
    private static void assertHears(Inside from, Inside to) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).until(() -> {
            String text = from.send(to);
            return to.said.stream().anyMatch(line -> line.equals("got " + text))
                    || to.said.stream().anyMatch(line -> line.startsWith("got " + from.node + "-" + from.sinceCut));
        });
        from.sinceCut = "t" + TEXTS.incrementAndGet() + "-";
    }

    private final class Inside implements AutoCloseable {
        final String node;
        final List<String> said = new CopyOnWriteArrayList<>();
        private final Process process;
        private final PrintWriter tell;
        private final int port;
        String sinceCut = "t" + TEXTS.incrementAndGet() + "-";

        Inside(String node) {
            this.node = node;
            try {
                process = new ProcessBuilder(netns.command(
                                node,
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx32m",
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Talker.class.getName())))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            tell = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
            Thread ear = new Thread(this::listen, "ear-" + node);
            ear.setDaemon(true);
            ear.start();
            await().atMost(LIMIT).until(() -> !said.isEmpty());
            port = Integer.parseInt(said.get(0).substring("port ".length()));
        }

        private void listen() {
            try (var lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said.add(line);
                }
            } catch (IOException ended) {
                // The process is over.
            }
        }

        /** Sends a text that nobody sent before, and waits until it is on its way. {@return the text} */
        String send(Inside to) {
            String text = node + "-" + sinceCut + TEXTS.incrementAndGet();
            tell.println("send " + netns.address(to.node) + " " + to.port + " " + text);
            await().atMost(LIMIT).until(() -> said.contains("sent " + text) || said.contains("unsent " + text));
            return text;
        }

        String connect(int port) {
            int before = said.size();
            tell.println("connect " + netns.hostAddress() + " " + port);
            await().atMost(LIMIT).until(() -> said.size() > before);
            return said.get(said.size() - 1);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
