package io.millrace.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import io.millrace.node.application.Outcome;
import io.millrace.node.settings.HttpSettings;
import io.millrace.protocol.http.AppendResult;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final String EVENTS = "/v1/queues/orders/events";
    private static final int MIB = 1 << 20;

    private static HttpSettings settings() {
        return new HttpSettings(
                "127.0.0.1", 0, 35L * MIB, 10, Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(15));
    }

    @Test
    void shouldRefuseAppendsPastTheBytesInWorkAndTakeThemAgainAfterwards() {
        try (TestServer server = new TestServer(settings())) {
            CompletableFuture<Outcome<AppendResult>> stuck = new CompletableFuture<>();
            server.queues.appendAnswer = stuck;
            byte[] body = ("\"" + "x".repeat(3 * MIB) + "\"").getBytes(UTF_8);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                answers.add(CompletableFuture.supplyAsync(() -> post(server, body)));
            }
            await().until(() -> server.queues.stuckAppends() == 11);

            HttpResponse<String> refused = post(server, body);
            HttpResponse<String> small = server.send("PUT", "/v1/queues/orders", "");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(small.statusCode()).isEqualTo(201);
            stuck.complete(Outcome.done(new AppendResult("orders", 1, null, null, 0)));
            assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
            assertThat(post(server, body).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldRefuseAppendsToAQueueThatIsBehindAndToNoOther() {
        HttpSettings usual = settings();
        try (TestServer server = new TestServer(new HttpSettings(
                "127.0.0.1",
                0,
                usual.appendBytes(),
                1,
                Duration.ZERO,
                usual.bodyTimeout(),
                usual.keepAlive(),
                Duration.ofNanos(1),
                usual.connections(),
                usual.limits(),
                Optional.empty()))) {
            CompletableFuture<Outcome<AppendResult>> stuck = new CompletableFuture<>();
            server.queues.appendAnswer = stuck;
            List<CompletableFuture<HttpResponse<String>>> crowd = new ArrayList<>();
            for (int i = 0; i < Arrears.FEW; i++) {
                crowd.add(server.sendAsync(server.request(EVENTS, "Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("1"))));
            }
            await().until(() -> server.queues.stuckAppends() == Arrears.FEW);

            HttpResponse<String> refused = post(server, "3".getBytes(UTF_8));

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            stuck.complete(Outcome.done(new AppendResult("orders", 1, null, null, 0)));
            assertThat(crowd).allMatch(answer -> answer.join().statusCode() == 200);
            assertThat(post(server, "4".getBytes(UTF_8)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldCountWhatABodyDecodesTo() {
        try (TestServer server = new TestServer(settings())) {
            CompletableFuture<Outcome<AppendResult>> stuck = new CompletableFuture<>();
            server.queues.appendAnswer = stuck;
            byte[] body = Zstd.compress(
                    ("\"" + "x".repeat(3 * MIB) + "\"\n").repeat(5).getBytes(UTF_8));
            CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> zstd(server, body));
            CompletableFuture<HttpResponse<String>> second = CompletableFuture.supplyAsync(() -> zstd(server, body));
            await().until(() -> server.queues.stuckAppends() == 2);

            assertThat(zstd(server, body).statusCode()).isEqualTo(429);

            stuck.complete(Outcome.done(new AppendResult("orders", 1, null, null, 0)));
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> post(TestServer server, byte[] body) {
        return server.send(
                server.request(EVENTS, "Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body)));
    }

    private static HttpResponse<String> zstd(TestServer server, byte[] body) {
        return server.send(server.request(EVENTS, "Content-Type", "application/x-ndjson", "Content-Encoding", "zstd")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    @Test
    void shouldHaveRoomForOneLargestRequest() {
        try (TestServer server = new TestServer(settings())) {
            byte[] noise = new byte[15 * MIB];
            new java.util.Random(1)
                    .ints(noise.length, 'a', 'z')
                    .limit(noise.length)
                    .forEach(new java.util.function.IntConsumer() {
                        private int at;

                        @Override
                        public void accept(int letter) {
                            noise[at++] = (byte) letter;
                        }
                    });
            for (int line = 0; line < 15; line++) {
                noise[line * MIB] = '"';
                noise[(line + 1) * MIB - 2] = '"';
                noise[(line + 1) * MIB - 1] = '\n';
            }

            assertThat(zstd(server, Zstd.compress(noise)).statusCode()).isEqualTo(200);
            assertThat(zstd(server, Zstd.compress(noise)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldGiveBackAllThatARefusedAppendHeld() {
        Admission admission = new Admission(100, 1, 0);
        try (Admission.Reservation one = admission.append();
                Admission.Reservation other = admission.append()) {
            one.grow(60);
            assertThatThrownBy(() -> other.grow(60)).isInstanceOf(Refusal.class);
            other.grow(40);
            assertThat(admission.bytesInWork()).isEqualTo(100);
        }
        assertThat(admission.bytesInWork()).isZero();
    }

    @Test
    void shouldRefuseSettingsThatCannotWorkNamingTheKey() {
        HttpSettings good = settings();
        assertThatThrownBy(() -> new HttpSettings(
                        "", 0, good.appendBytes(), 1, good.readWait(), good.bodyTimeout(), good.keepAlive()))
                .hasMessageStartingWith("http.host");
        assertThatThrownBy(() -> new HttpSettings(
                        "::", 70_000, good.appendBytes(), 1, good.readWait(), good.bodyTimeout(), good.keepAlive()))
                .hasMessageStartingWith("http.port");
        assertThatThrownBy(() -> new HttpSettings("::", 0, 1, 1, good.readWait(), good.bodyTimeout(), good.keepAlive()))
                .hasMessageStartingWith("http.append-bytes");
        assertThatThrownBy(() -> new HttpSettings(
                        "::", 0, good.appendBytes(), 1, Duration.ofSeconds(61), good.bodyTimeout(), good.keepAlive()))
                .hasMessageStartingWith("http.read-wait");
    }
}
