package io.millrace.node.http;

import static io.millrace.node.http.BadRow.EVENTS;
import static io.millrace.node.http.BadRow.JSON;
import static io.millrace.node.http.BadRow.row;
import static io.millrace.node.http.RawHttp.request;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Header fields and framing that can't be right. */
final class BadHeads {
    private BadHeads() {}

    static Stream<BadRow> rows() {
        return Stream.of(headers(), framing()).flatMap(rows -> rows);
    }

    private static Stream<BadRow> headers() {
        byte[] one = "1".getBytes(UTF_8);
        String forged = TestServer.TOKENS.sign(FakeBots.RUN).replaceFirst("^..", "AA");
        return Stream.of(
                row("no content type", request("POST", EVENTS, one), 415, "unsupported-media-type", "Content-Type"),
                row(
                        "a wrong content type",
                        request("POST", EVENTS, one, "Content-Type: text/plain"),
                        415,
                        "unsupported-media-type",
                        "Content-Type"),
                row(
                        "a malformed content type",
                        request("POST", EVENTS, one, "Content-Type: ;;"),
                        415,
                        "unsupported-media-type",
                        "Content-Type"),
                row(
                        "a sequence without producer",
                        request("POST", EVENTS, one, JSON, "Millrace-Sequence: 1"),
                        400,
                        "bad-request",
                        "together"),
                row(
                        "a producer without sequence",
                        request("POST", EVENTS, one, JSON, "Millrace-Producer: p"),
                        400,
                        "bad-request",
                        "together"),
                row(
                        "sequence 0",
                        request("POST", EVENTS, one, JSON, "Millrace-Producer: p", "Millrace-Sequence: 0"),
                        400,
                        "bad-request",
                        "from 1"),
                row(
                        "sequence abc",
                        request("POST", EVENTS, one, JSON, "Millrace-Producer: p", "Millrace-Sequence: abc"),
                        400,
                        "bad-request",
                        "from 1"),
                row(
                        "a sequence beyond a long",
                        request(
                                "POST",
                                EVENTS,
                                one,
                                JSON,
                                "Millrace-Producer: p",
                                "Millrace-Sequence: 9999999999999999999"),
                        400,
                        "bad-request",
                        "from 1"),
                row(
                        "a bad producer name",
                        request("POST", EVENTS, one, JSON, "Millrace-Producer: a b", "Millrace-Sequence: 1"),
                        400,
                        "invalid-name",
                        "producer"),
                row(
                        "a bad bot name",
                        request("POST", EVENTS, one, JSON, "Millrace-Bot: ../x"),
                        400,
                        "invalid-name",
                        "bot"),
                row(
                        "two bots",
                        request("POST", EVENTS, one, JSON, "Millrace-Bot: a", "Millrace-Bot: b"),
                        400,
                        "bad-request",
                        "more than once"),
                row(
                        "a forged run",
                        request("POST", EVENTS, one, JSON, "Millrace-Run: " + forged),
                        409,
                        "stale-run",
                        ""),
                row(
                        "a run that is garbage",
                        request("POST", EVENTS, one, JSON, "Millrace-Run: !!!.???"),
                        409,
                        "stale-run",
                        ""),
                row(
                        "another bot's run",
                        request(
                                "POST",
                                EVENTS,
                                one,
                                JSON,
                                "Millrace-Bot: other",
                                "Millrace-Run: " + TestServer.TOKENS.sign(FakeBots.RUN)),
                        400,
                        "bad-request",
                        "another bot"),
                row(
                        "a heartbeat without token",
                        request("POST", "/v1/runs/r1/heartbeat", new byte[0]),
                        400,
                        "bad-request",
                        "Millrace-Run"),
                row(
                        "a heartbeat with another run's token",
                        request(
                                "POST",
                                "/v1/runs/r2/heartbeat",
                                new byte[0],
                                "Millrace-Run: " + TestServer.TOKENS.sign(FakeBots.RUN)),
                        409,
                        "stale-run",
                        ""),
                row(
                        "a forged completion",
                        request(
                                "POST",
                                "/v1/runs/r1/complete",
                                "{\"status\":\"ok\"}".getBytes(UTF_8),
                                JSON,
                                "Millrace-Run: " + forged),
                        409,
                        "stale-run",
                        ""),
                row(
                        "a weak entity tag",
                        request("PUT", "/v1/queues/orders", new byte[0], "If-Match: W/\"1\""),
                        400,
                        "bad-request",
                        "If-Match"),
                row(
                        "a header field of 20 KB",
                        request("POST", EVENTS, one, JSON, "X-Long: " + "x".repeat(20_000)),
                        431,
                        "headers-too-large",
                        ""),
                row(
                        "200 header fields",
                        request(
                                "POST",
                                EVENTS,
                                one,
                                Stream.concat(
                                                Stream.of(JSON),
                                                IntStream.range(0, 200).mapToObj(i -> "X-" + i + ": 1"))
                                        .toArray(String[]::new)),
                        400,
                        "bad-request",
                        ""));
    }

    private static Stream<BadRow> framing() {
        String head = "POST " + EVENTS + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" + JSON + "\r\n";
        return Stream.of(
                raw("a negative length", head + "Content-Length: -1\r\n\r\n1", 400, "bad-request"),
                raw("two lengths", head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n11", 400, "bad-request"),
                raw("a length that is no number", head + "Content-Length: abc\r\n\r\n1", 400, "bad-request"),
                raw(
                        "a length and chunks",
                        head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n",
                        400,
                        "bad-request"),
                raw(
                        "a malformed chunk",
                        head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n1\r\n0\r\n\r\n",
                        400,
                        "bad-request"),
                raw("a body that stalls", head + "Content-Length: 100\r\n\r\n{\"payload\":", 408, "request-timeout"),
                raw("chunks that stall", head + "Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n", 408, "request-timeout"),
                raw(
                        "a chunk with an extension of 1 KB",
                        head + "Transfer-Encoding: chunked\r\n\r\n1;" + "x".repeat(1_000) + "\r\n1\r\n0\r\n\r\n",
                        400,
                        "bad-request"),
                raw("a chunk of 2 MiB", head + "Transfer-Encoding: chunked\r\n\r\n200000\r\n1", 400, "bad-request"),
                raw("no host", "GET /health/live HTTP/1.1\r\n\r\n", 400, "bad-request"),
                raw("no HTTP", "this is no HTTP at all\r\n\r\n", 405, "method-not-allowed"),
                raw("HTTP/3 by name", "GET /health/live HTTP/3.0\r\nHost: test\r\n\r\n", 400, "bad-request"),
                raw(
                        "a header field without a colon",
                        "GET /health/live HTTP/1.1\r\nHost: test\r\nbroken\r\n\r\n",
                        400,
                        "bad-request"));
    }

    private static BadRow raw(String name, String text, int status, String type) {
        return row(name, text.getBytes(UTF_8), status, type, "");
    }
}
