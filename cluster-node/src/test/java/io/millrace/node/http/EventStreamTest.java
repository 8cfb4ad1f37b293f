package io.millrace.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.node.settings.HttpSettings;
import io.millrace.protocol.EventId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final String EVENTS = "/v1/queues/orders/events";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(TestServer.settings());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void reset() {
        server.queues.reset();
    }

    private static EventId append(String payload) {
        server.send("POST", EVENTS, payload, "Content-Type", "application/x-ndjson");
        var events = server.queues.events("orders");
        return events.get(events.size() - 1).eid();
    }

    /** A follower over a socket of its own. */
    private static final class Follower implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        private final BufferedReader lines;

        Follower(String target, String... headers) throws IOException {
            socket.setSoTimeout(20_000);
            String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
            all[headers.length] = "Accept: text/event-stream";
            socket.getOutputStream().write(RawHttp.request("GET", target, new byte[0], all));
            InputStream in = socket.getInputStream();
            assertThat(RawHttp.line(in)).contains("200");
            lines = new BufferedReader(new InputStreamReader(in, UTF_8));
        }

        String next(String prefix) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.startsWith(prefix)) {
                line = lines.readLine();
            }
            return line == null ? "the stream has ended" : line.substring(prefix.length());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void shouldGiveWhatIsThereAndGoOnWithWhatArrives() throws IOException {
        EventId first = append("1");
        try (Follower follower = new Follower(EVENTS)) {
            assertThat(follower.next("id: ")).isEqualTo(first.toString());
            assertThat(follower.next("data: ")).contains("\"payload\":1}");
            await().until(server.queues::isAwaited);
            EventId second = append("2");
            assertThat(follower.next("id: ")).isEqualTo(second.toString());
            assertThat(follower.next("data: ")).contains("\"payload\":2}");
        }
    }

    @Test
    void shouldGoOnBehindTheLastEventThatTheClientSaw() throws IOException {
        EventId first = append("1");
        EventId second = append("2");
        try (Follower follower = new Follower(EVENTS + "?after=z", "Last-Event-ID: " + first)) {
            assertThat(follower.next("id: ")).isEqualTo(second.toString());
        }
    }

    @Test
    void shouldTellAFollowerWhatRetentionHasTakenFromUnderIt() throws IOException {
        EventId first = append("1");
        try (Follower follower = new Follower(EVENTS)) {
            assertThat(follower.next("id: ")).isEqualTo(first.toString());
            await().until(server.queues::isAwaited);
            server.queues.trim("orders", 2);
            append("2");
            EventId third = append("3");
            assertThat(follower.next("event: ")).isEqualTo("skipped");
            assertThat(follower.next("data: ")).isEqualTo("{\"skippedTo\":\"" + third + "\"}");
            assertThat(follower.next("id: ")).isEqualTo(third.toString());
        }
    }

    @Test
    void shouldFilterWhatItFollows() throws IOException {
        append("1");
        try (Follower follower = new Follower(EVENTS + "?where=payload%20%3E%201")) {
            await().until(server.queues::isAwaited);
            EventId wanted = append("1\n2");
            assertThat(follower.next("id: ")).isEqualTo(wanted.toString());
        }
    }

    @Test
    void shouldEndAtAnUpperBound() throws IOException {
        EventId first = append("1");
        append("2");
        try (Follower follower = new Follower(EVENTS + "?until=" + first)) {
            assertThat(follower.next("id: ")).isEqualTo(first.toString());
            assertThat(follower.next("id: ")).isEqualTo("the stream has ended");
        }
    }

    @Test
    void shouldSayThatItLivesWhileNothingHappens() throws IOException {
        try (Follower follower = new Follower(EVENTS)) {
            assertThat(follower.next(":")).isEmpty();
        }
    }

    @Test
    void shouldCountFollowersAndForgetThoseThatLeave() throws IOException {
        HttpSettings narrow = new HttpSettings(
                "127.0.0.1",
                0,
                HttpSettings.DEFAULT_APPEND_BYTES,
                1,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofMillis(500));
        try (TestServer small = new TestServer(narrow)) {
            Socket follower = new Socket(InetAddress.getLoopbackAddress(), small.port());
            follower.getOutputStream().write(RawHttp.request("GET", EVENTS, new byte[0], "Accept: text/event-stream"));
            RawHttp.line(follower.getInputStream());
            await().until(small.queues::isAwaited);

            var refused = small.get(EVENTS);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");

            follower.close();
            await().untilAsserted(
                            () -> assertThat(small.get(EVENTS).statusCode()).isEqualTo(200));
        }
    }

    @Test
    void shouldNotReadAheadOfASlowClient() throws IOException {
        for (int i = 0; i < 40; i++) {
            StringBuilder noise = new StringBuilder("\"");
            new java.util.Random(i).ints(1_500_000, 'a', 'z').forEach(c -> noise.append((char) c));
            append(noise.append('"').toString());
        }
        int before = server.queues.reads();
        try (Follower follower = new Follower(EVENTS)) {
            follower.next("id: ");
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(10))
                    .until(new java.util.concurrent.Callable<>() {
                        private int last = -1;

                        @Override
                        public Boolean call() {
                            boolean still = last == server.queues.reads();
                            last = server.queues.reads();
                            return still;
                        }
                    });
            assertThat(server.queues.reads() - before).isLessThan(35);
        }
    }
}
