package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client says about who it is. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class TokenTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private URI node;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            seen.add(String.valueOf(exchange.getRequestHeaders().get("Authorization")));
            exchange.getRequestBody().readAllBytes();
            byte[] body = Json.bytes(Problem.of(ProblemType.FORBIDDEN, "the caller has no grant"));
            exchange.getResponseHeaders().set("Content-Type", Problem.MEDIA_TYPE);
            exchange.sendResponseHeaders(403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        node = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aTokenIsSentWithEachRequestAndAskedForEachTime() {
        AtomicInteger count = new AtomicInteger();
        try (Millrace bus = Millrace.builder(node)
                .token(() -> "token-" + count.incrementAndGet())
                .build()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> bus.put("orders", 1))
                        .isInstanceOf(RejectedException.class)
                        .hasMessageContaining("the caller has no grant");
            }
        }

        assertThat(seen).containsExactly("[Bearer token-1]", "[Bearer token-2]");
    }

    @Test
    void withoutOneNothingIsSaid() {
        try (Millrace bus = Millrace.builder(node).token(() -> null).build()) {
            assertThatThrownBy(() -> bus.put("orders", 1)).isInstanceOf(RejectedException.class);
        }

        assertThat(seen).containsExactly("null");
    }
}
