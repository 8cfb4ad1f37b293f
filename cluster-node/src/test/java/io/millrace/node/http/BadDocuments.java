package io.millrace.node.http;

import static io.millrace.node.http.BadRow.JSON;
import static io.millrace.node.http.BadRow.row;
import static io.millrace.node.http.RawHttp.request;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.Stream;

/** Documents about queues, bots and runs that don't fit. */
final class BadDocuments {
    private static final int MIB = 1 << 20;

    private BadDocuments() {}

    static Stream<BadRow> rows() {
        return Stream.of(documents()).flatMap(rows -> rows);
    }

    private static Stream<BadRow> documents() {
        return Stream.of(
                put("a malformed configuration", "{", 400, "bad-request", "line 1"),
                put("text behind a configuration", "{} x", 400, "bad-request", ""),
                put("two configurations", "{}{}", 422, "unprocessable", ""),
                put("an unknown field", "{\"colour\":1}", 422, "unprocessable", "not known"),
                put("a field of the wrong type", "{\"paused\":\"yes\"}", 422, "unprocessable", "wrong type"),
                put(
                        "a duration that isn't ISO-8601",
                        "{\"retention\":{\"maxAge\":\"7 days\"}}",
                        422,
                        "unprocessable",
                        "wrong type"),
                put("an array as configuration", "[]", 422, "unprocessable", ""),
                put("null as configuration", "null", 422, "unprocessable", ""),
                put("a field twice", "{\"owner\":\"a\",\"owner\":\"b\"}", 400, "bad-request", "twice"),
                put("a deep configuration", "{\"tags\":" + "[".repeat(5_000), 422, "unprocessable", ""),
                new BadRow(
                        "a configuration over 1 MiB",
                        () -> request(
                                "PUT",
                                "/v1/queues/orders",
                                ("{\"owner\":\"" + "x".repeat(2 * MIB) + "\"}").getBytes(UTF_8),
                                JSON),
                        413,
                        "too-large",
                        ""),
                row(
                        "a configuration as text",
                        request("PUT", "/v1/queues/orders", "{}".getBytes(UTF_8), "Content-Type: text/plain"),
                        415,
                        "unsupported-media-type",
                        ""),
                row(
                        "an unknown handler",
                        request("PUT", "/v1/bots/price", "{\"handler\":{\"type\":\"magic\"}}".getBytes(UTF_8), JSON),
                        422,
                        "unprocessable",
                        ""),
                row(
                        "no registration",
                        request("PUT", "/v1/bots/price", new byte[0]),
                        415,
                        "unsupported-media-type",
                        ""),
                row(
                        "no worker",
                        request("POST", "/v1/bots/price/runs", "{}".getBytes(UTF_8), JSON),
                        422,
                        "unprocessable",
                        ""),
                row(
                        "an empty worker",
                        request("POST", "/v1/bots/price/runs", "{\"worker\":\"\"}".getBytes(UTF_8), JSON),
                        422,
                        "unprocessable",
                        "characters"),
                row(
                        "a reset without position",
                        request("PUT", "/v1/bots/price/checkpoints/orders", "{}".getBytes(UTF_8), JSON),
                        422,
                        "unprocessable",
                        ""),
                run(
                        "checkpoint",
                        "{\"checkpoints\":{\"a/b\":{\"checkpoint\":\"z/2024\",\"records\":1}}}",
                        400,
                        "invalid-name"),
                run("checkpoint", "{\"checkpoints\":{\"orders\":null}}", 422, "unprocessable"),
                run(
                        "checkpoint",
                        "{\"checkpoints\":{\"orders\":{\"checkpoint\":\"nowhere\",\"records\":1}}}",
                        422,
                        "unprocessable"),
                run("checkpoint", "{\"checkpoints\":null}", 422, "unprocessable"),
                run("complete", "{\"status\":\"perhaps\"}", 422, "unprocessable"),
                run("complete", "{}", 422, "unprocessable"));
    }

    private static BadRow put(String name, String body, int status, String type, String says) {
        return row(name, request("PUT", "/v1/queues/orders", body.getBytes(UTF_8), JSON), status, type, says);
    }

    private static BadRow run(String action, String body, int status, String type) {
        String token = TestServer.TOKENS.sign(FakeBots.RUN);
        return row(
                action + " " + body,
                request("POST", "/v1/runs/r1/" + action, body.getBytes(UTF_8), JSON, "Millrace-Run: " + token),
                status,
                type,
                "");
    }
}
