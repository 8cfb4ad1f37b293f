package io.millrace.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.millrace.node.application.Append;
import io.millrace.node.application.Outcome;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.Trace;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRange;
import io.millrace.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AppendTest {
    private static final String EVENTS = "/v1/queues/orders/events";
    private static final String TYPE = "Content-Type";
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String BLOCK = "application/vnd.millrace.block";

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

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

    private static List<String> payloads() {
        return server.queues.events("orders").stream()
                .map(event -> event.payload().toString())
                .toList();
    }

    private static HttpResponse<String> post(byte[] body, String... headers) {
        return server.send(server.request(EVENTS, headers).POST(BodyPublishers.ofByteArray(body)));
    }

    @Test
    void shouldTakeOneEventAndTellItsId() {
        HttpResponse<String> answer = server.send("POST", EVENTS, "{\"payload\":{\"a\":1}}", TYPE, JSON);

        assertThat(answer.statusCode()).isEqualTo(200);
        EventId id = server.queues.events("orders").get(0).eid();
        assertThat(answer.body())
                .startsWith("{\"queue\":\"orders\",\"events\":1,\"first\":\"" + id + "\",\"last\":\"" + id + "\"");
        assertThat(payloads()).containsExactly("{\"a\":1}");
    }

    @Test
    void theTraceOfTheRequestIsThatOfEventsWithoutOneOfTheirOwn() {
        String own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        server.send(
                "POST",
                EVENTS,
                "[1,{\"payload\":2,\"trace\":{\"traceparent\":\"" + own + "\"}}]",
                TYPE,
                JSON,
                "traceparent",
                TRACE,
                "tracestate",
                "a=1");

        assertThat(server.queues.events("orders"))
                .extracting(Event::trace)
                .containsExactly(new Trace(TRACE, "a=1"), new Trace(own, null));
        assertThat(server.get(EVENTS).body())
                .contains("\"trace\":{\"traceparent\":\"" + TRACE + "\",\"tracestate\":\"a=1\"},\"payload\":1}");
    }

    @Test
    void aMalformedTraceOfTheRequestIsNone() {
        for (String traceparent :
                List.of("00-xyz", TRACE.toUpperCase(java.util.Locale.ROOT), TRACE + "-", "ff" + TRACE)) {
            HttpResponse<String> answer =
                    server.send("POST", EVENTS, "1", TYPE, JSON, "traceparent", traceparent, "tracestate", "a=1");
            assertThat(answer.statusCode()).as(traceparent).isEqualTo(200);
        }
        HttpResponse<String> twice =
                server.send("POST", EVENTS, "1", TYPE, JSON, "traceparent", TRACE, "traceparent", TRACE);

        assertThat(twice.statusCode()).isEqualTo(200);
        assertThat(server.queues.events("orders"))
                .hasSize(5)
                .extracting(Event::trace)
                .containsOnlyNulls();
    }

    @Test
    void aMalformedTraceOfAnEventIsRefusedAsAnyFieldIs() {
        HttpResponse<String> answer =
                server.send("POST", EVENTS, "{\"payload\":1,\"trace\":{\"traceparent\":\"00-x\"}}", TYPE, JSON);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("/trace");
    }

    @Test
    void aRepeatedRequestIsTheSameUnderAnotherTrace() {
        String[] numbered = {TYPE, NDJSON, "Millrace-Producer", "p", "Millrace-Sequence", "1"};
        String again = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        List<Long> contents = new ArrayList<>();
        for (String trace : List.of("", TRACE, again)) {
            String[] headers = Arrays.copyOf(numbered, numbered.length + (trace.isEmpty() ? 0 : 2));
            if (!trace.isEmpty()) {
                headers[numbered.length] = "traceparent";
                headers[numbered.length + 1] = trace;
            }
            server.send("POST", EVENTS, "{\"payload\":1}\n{\"payload\":2}\n", headers);
            Append append = server.queues.appends.get(contents.size());
            Long content = java.util.Objects.requireNonNull(append.sequence()).content();
            contents.add(content == null ? (Long) Append.content(append.blocks()) : content);
        }

        assertThat(contents).hasSize(3).containsOnly(contents.get(0));
    }

    @Test
    void aTraceMakesNoRequestTooLarge() {
        String state = java.util.stream.IntStream.range(0, 4)
                .mapToObj(i -> "k" + i + "=" + "v".repeat(120))
                .collect(java.util.stream.Collectors.joining(","));
        String lines = "1\n".repeat(100_000);
        HttpResponse<String> many =
                server.send("POST", EVENTS, lines, TYPE, NDJSON, "traceparent", TRACE, "tracestate", state);
        assertThat(many.statusCode()).isEqualTo(200);
        assertThat(server.queues.events("orders").stream()
                        .filter(event -> event.trace() != null)
                        .count())
                .isBetween(300L, 2_000L);
    }

    @Test
    void shouldTakeAnArrayAsOneAppendAndAnythingElseAsPayload() {
        server.send(
                "POST", EVENTS, "[{\"payload\":1},{\"other\":[2]},3,\"vier\",null]", TYPE, JSON + "; charset=utf-8");

        assertThat(payloads()).containsExactly("1", "{\"other\":[2]}", "3", "\"vier\"", "null");
        assertThat(server.queues.appends).hasSize(1);
    }

    @Test
    void shouldTakeLines() {
        server.send("POST", EVENTS, "{\"payload\":1}\n\n{\"payload\":2}\r\n3", TYPE, NDJSON);

        assertThat(payloads()).containsExactly("1", "2", "3");
    }

    @Test
    void shouldTakeBlocksAsTheyAre() {
        BlockWriter writer = new BlockWriter("price");
        writer.add(NewEvent.of(Payload.ofJson("1")));
        byte[] one = writer.build(true).toBytes();
        writer.add(NewEvent.of(Payload.ofJson("2")));
        byte[] two = writer.build(true).toBytes();

        HttpResponse<String> answer = post(RawHttp.concat(one, two), TYPE, BLOCK, "Millrace-Bot", "price");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(payloads()).containsExactly("1", "2");
        assertThat(server.queues.events("orders")).allMatch(event -> "price".equals(event.bot()));
    }

    @Test
    void shouldDecodeZstdAndGzip() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write("{\"payload\":\"gzip\"}".getBytes(UTF_8));
        }

        post(Zstd.compress("{\"payload\":\"zstd\"}".getBytes(UTF_8)), TYPE, JSON, "Content-Encoding", "zstd");
        post(gzip.toByteArray(), TYPE, JSON, "Content-Encoding", "GZIP");
        post("{\"payload\":\"plain\"}".getBytes(UTF_8), TYPE, JSON, "Content-Encoding", "identity");

        assertThat(payloads()).containsExactly("\"zstd\"", "\"gzip\"", "\"plain\"");
    }

    @Test
    void shouldTakeChunksWithoutLength() throws IOException {
        String head = "POST " + EVENTS + " HTTP/1.1\r\nHost: t\r\nContent-Type: " + JSON
                + "\r\nTransfer-Encoding: chunked\r\n\r\n";

        RawHttp.Answer answer =
                RawHttp.send(server.port(), (head + "b\r\n{\"payload\":\r\n2\r\n1}\r\n0\r\n\r\n").getBytes(UTF_8));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(payloads()).containsExactly("1");
    }

    @Test
    void shouldLeaveSmallBlocksToTheQueueAndCutAndCompressLargeOnes() {
        server.send("POST", EVENTS, "{\"payload\":1}", TYPE, JSON);
        String large = ("\"" + "x".repeat(1_000) + "\"\n").repeat(3_000);
        server.send("POST", EVENTS, large, TYPE, NDJSON);

        Append small = server.queues.appends.get(0);
        Append big = server.queues.appends.get(1);
        assertThat(small.blocks().get(0).header().zstd()).isFalse();
        assertThat(big.blocks()).hasSize(3).allMatch(block -> block.header().zstd());
        assertThat(big.events()).isEqualTo(3_000);
        assertThat(payloads()).hasSize(3_001);
    }

    @Test
    void shouldNameWriterProducerAndRunWithTheParentsOfItsEvents() {
        EventId parent = new EventId(1_699_999_999_999L, 3);
        String correlation =
                Json.mapper().valueToTree(Correlation.of("queue:raw", parent)).toString();

        server.send(
                "POST",
                EVENTS,
                "[{\"payload\":1,\"correlation_id\":" + correlation + "},{\"payload\":2,\"id\":\"other\"}]",
                TYPE,
                JSON,
                "Millrace-Producer",
                "p1",
                "Millrace-Sequence",
                "17",
                "Millrace-Run",
                TestServer.TOKENS.sign(FakeBots.RUN));

        Append append = server.queues.appends.get(0);
        assertThat(append.sequence()).isEqualTo(new Append.Sequence(new ProducerId("p1"), 17));
        assertThat(append.run()).isEqualTo(FakeBots.RUN);
        assertThat(append.parents()).containsExactly(new ParentRange("raw", parent, parent));
        assertThat(server.queues.events("orders")).extracting(Event::bot).containsExactly("price", "other");
    }

    @Test
    void shouldUniteTheParentsOfSeveralBlocks() {
        BlockWriter writer = new BlockWriter("price");
        EventId first = new EventId(1_699_999_999_999L, 3);
        writer.add(new NewEvent(Payload.ofJson("1"), Correlation.of("raw", first.plus(5)), null, null));
        byte[] one = writer.build(false).toBytes();
        writer.add(new NewEvent(Payload.ofJson("2"), Correlation.of("raw", first), null, null));
        byte[] two = writer.build(false).toBytes();

        post(RawHttp.concat(one, two), TYPE, BLOCK, "Millrace-Run", TestServer.TOKENS.sign(FakeBots.RUN));

        assertThat(server.queues.appends.get(0).parents())
                .containsExactly(new ParentRange("raw", first, first.plus(5)));
    }

    @Test
    void shouldAnswerRefusalsOfTheQueueWithTheirStatusAndWhenToComeBack() {
        server.queues.appendAnswer = CompletableFuture.completedStage(
                Outcome.refused(ProblemType.TOO_MANY_REQUESTS, "the queue has too much waiting"));

        HttpResponse<String> answer = server.send("POST", EVENTS, "1", TYPE, JSON);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("urn:millrace:problem:too-many-requests", "\"retryable\":true");
    }

    @Test
    void shouldSayThatItDoesNotKnowWhenNoAnswerCame() {
        server.queues.appendAnswer = CompletableFuture.failedStage(new TimeoutException("Ask timed out on actor"));

        HttpResponse<String> answer = server.send("POST", EVENTS, "1", TYPE, JSON);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("unknown-outcome").doesNotContain("actor");
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void shouldHideWhatNobodyForesawBehindAReference() {
        server.queues.appendAnswer = CompletableFuture.failedStage(new IllegalStateException("secret of the inside"));

        HttpResponse<String> answer = server.send("POST", EVENTS, "1", TYPE, JSON);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .contains("urn:millrace:problem:internal", "reference")
                .doesNotContain("secret");
    }

    @Test
    void shouldTakeNothingOfABodyThatBreaksOff() throws IOException {
        String head = "POST " + EVENTS + " HTTP/1.1\r\nHost: t\r\nContent-Type: " + NDJSON
                + "\r\nContent-Length: 100\r\n\r\n1\n2\n";
        try (java.net.Socket socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(head.getBytes(UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes())
                    .satisfies(answer -> assertThat(new String(answer, UTF_8))
                            .satisfiesAnyOf(
                                    text -> assertThat(text).isEmpty(),
                                    text -> assertThat(text).startsWith("HTTP/1.1 4")));
        }
        assertThat(server.queues.changes).isEmpty();
    }

    @Test
    void shouldKeepTheConnectionAfterARefusalWhoseBodyNobodyRead() {
        String body = String.join("", Collections.nCopies(100_000, "{\"payload\":1}\n"));
        for (int i = 0; i < 3; i++) {
            assertThat(server.send("POST", "/v1/nowhere", body, TYPE, NDJSON).statusCode())
                    .isEqualTo(404);
            assertThat(server.send("POST", EVENTS, "1", TYPE, JSON).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldAnswerAProblemWhenTheFrameworkLosesPatience() {
        try (TestServer hurried = new TestServer(TestServer.settings(), "pekko.http.server.request-timeout = 300ms")) {
            hurried.queues.appendAnswer = new CompletableFuture<>();

            HttpResponse<String> answer = hurried.send("POST", EVENTS, "1", TYPE, JSON);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue(TYPE)).contains("application/problem+json");
            assertThat(answer.body()).contains("urn:millrace:problem:unavailable");
        }
    }

    @Test
    void shouldNotAskForABodyThatItRefusesAnyway() throws IOException {
        byte[] refused = RawHttp.request(
                "POST",
                EVENTS,
                new byte[0],
                "Content-Type: text/plain",
                "Expect: 100-continue",
                "Content-Length: 1000");
        byte[] wanted = RawHttp.request(
                "POST",
                EVENTS,
                new byte[0],
                "Content-Type: application/json",
                "Expect: 100-continue",
                "Content-Length: 1000");

        assertThat(RawHttp.send(server.port(), refused).status()).isEqualTo(415);
        assertThat(RawHttp.send(server.port(), wanted).status()).isEqualTo(100);
    }
}
