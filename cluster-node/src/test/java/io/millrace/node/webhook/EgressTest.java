package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.settings.WebhookSettings;
import io.millrace.node.webhook.Receiver.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is connected is what was checked. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class EgressTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final List<String> lookedUp = Collections.synchronizedList(new ArrayList<>());
    private Receiver receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    /** @param answers what the name resolves to, one after the other */
    private Egress egress(List<String> allowed, List<List<String>> answers) {
        WebhookSettings settings = new WebhookSettings(
                WebhookSettings.Allow.parse(allowed), 10, 10, Duration.ofSeconds(10), Duration.ofSeconds(10), 65_536);
        Resolver resolver = new Resolver(host -> {
            List<String> answer = answers.get(Math.min(lookedUp.size(), answers.size() - 1));
            lookedUp.add(host);
            return addresses(answer);
        });
        return new Egress(KIT.system(), new AddressRules(settings.allow()), resolver, settings);
    }

    private static InetAddress[] addresses(List<String> literals) throws UnknownHostException {
        InetAddress[] addresses = new InetAddress[literals.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = InetAddress.getAllByName(literals.get(i))[0];
        }
        return addresses;
    }

    private Target target(String scheme) {
        int port = URI.create(receiver.url("/")).getPort();
        return Target.parse(scheme + "://hooks.example.com:" + port + "/hook?a=b");
    }

    private static Answer answer(Call call) throws Exception {
        return call.answer().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aNameIsLookedUpOnceAndItsServerIsToldTheName() throws Exception {
        receiver.at("/hook", (call, received) -> Reply.json("{}"));
        Egress egress = egress(List.of("127.0.0.1"), List.of(List.of("10.0.0.1", "127.0.0.1"), List.of("10.0.0.1")));

        Answer answer = answer(egress.call(target("http"), HttpRequest.POST("/hook?a=b"), TIMEOUT));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(lookedUp).containsExactly("hooks.example.com");
        assertThat(receiver.received("/hook").get(0).header("Host"))
                .isEqualTo("hooks.example.com:" + target("http").port());
    }

    @Test
    void aNameThatLeadsInsideIsNotConnected() {
        Egress egress = egress(List.of(), List.of(List.of("127.0.0.1", "::1", "::ffff:127.0.0.1")));

        assertThatThrownBy(() -> answer(egress.call(target("http"), HttpRequest.POST("/hook"), TIMEOUT)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ForbiddenTargetException.class)
                .hasMessageContaining("millrace.webhook.allow")
                .hasMessageNotContaining("127.0.0.1");
        assertThat(receiver.received("/hook")).isEmpty();
    }

    @Test
    void aServerWithoutTlsIsNoHttps() {
        Egress egress = egress(List.of("127.0.0.1"), List.of(List.of("127.0.0.1")));

        assertThatThrownBy(() -> answer(egress.call(target("https"), HttpRequest.POST("/hook"), TIMEOUT)))
                .hasCauseInstanceOf(CallFailedException.class);
        assertThat(receiver.received("/hook")).isEmpty();
    }

    @Test
    void whatIsBrokenOffEndsItsConnection() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Egress egress = egress(List.of("127.0.0.1"), List.of(List.of("127.0.0.1")));
            Target target = Target.parse("http://hooks.example.com:" + listener.getLocalPort() + "/");
            Call call = egress.call(target, HttpRequest.POST("/"), TIMEOUT);
            try (Socket socket = listener.accept()) {
                socket.setSoTimeout(20_000);
                assertThat(socket.getInputStream().read()).isEqualTo('P');

                call.cancel("enough");

                assertThatThrownBy(() -> answer(call)).hasMessageContaining("enough");
                assertThat(ends(socket)).isTrue();
            }
        }
    }

    /** By its end or a reset. */
    private static boolean ends(Socket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // what is left of the request
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void whoAsksForANameThatIsBeingLookedUpWaitsForTheSameAnswer() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (Resolver resolver = new Resolver(host -> {
            lookedUp.add(host);
            try {
                slow.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(host);
            }
            return addresses(List.of("8.8.8.8"));
        })) {
            var first = resolver.resolve("slow.example.com").toCompletableFuture();
            var second = resolver.resolve("slow.example.com").toCompletableFuture();
            slow.countDown();

            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(second.get(20, TimeUnit.SECONDS));
            assertThat(lookedUp).hasSize(1);
        }
    }
}
