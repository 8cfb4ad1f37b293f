package io.millrace.node.http;

import static io.millrace.node.http.BadRow.EVENTS;
import static io.millrace.node.http.BadRow.JSON;
import static io.millrace.node.http.BadRow.NDJSON;
import static io.millrace.node.http.BadRow.big;
import static io.millrace.node.http.BadRow.post;
import static io.millrace.node.http.BadRow.row;
import static io.millrace.node.http.RawHttp.concat;
import static io.millrace.node.http.RawHttp.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Bodies of appends that can't be taken. */
final class BadEvents {
    private static final int MIB = 1 << 20;

    private BadEvents() {}

    static Stream<BadRow> rows() {
        return Stream.of(json(), sizes(), encodings()).flatMap(rows -> rows);
    }

    private static Stream<BadRow> json() {
        return Stream.of(
                post("malformed JSON", "{\"payload\": {\"a\": 1}", 400, "invalid-event", "line 1"),
                post(
                        "malformed JSON in a later line",
                        "[\n{\"payload\":1},\n{\"payload\":}]",
                        400,
                        "invalid-event",
                        "line 3"),
                row(
                        "malformed NDJSON in a later line",
                        request("POST", EVENTS, "{\"payload\":1}\n{\"payload\":2}\nnope\n".getBytes(UTF_8), NDJSON),
                        400,
                        "invalid-event",
                        "line 3"),
                post("trailing garbage", "{\"payload\":1} x", 400, "invalid-event", "line 1"),
                post("two documents", "{\"payload\":1}{\"payload\":2}", 400, "invalid-event", "text follows"),
                post("duplicate keys", "{\"payload\":{\"a\":1,\"a\":2}}", 400, "invalid-event", "twice"),
                post("duplicate keys at the top", "{\"payload\":1,\"payload\":2}", 400, "invalid-event", "twice"),
                post("NaN", "{\"payload\":NaN}", 400, "invalid-event", "line 1"),
                post("Infinity", "[-Infinity]", 400, "invalid-event", "line 1"),
                post("single quotes", "{'payload':1}", 400, "invalid-event", "line 1"),
                post("a comment", "/* */ {\"payload\":1}", 400, "invalid-event", "line 1"),
                post("depth 100,000", "[".repeat(100_000) + "]".repeat(100_000), 400, "invalid-event", "nested"),
                post("depth 100,000 of objects", "{\"a\":".repeat(100_000), 400, "invalid-event", "nested"),
                row(
                        "an empty body",
                        request("POST", EVENTS, new byte[0]),
                        415,
                        "unsupported-media-type",
                        "Content-Type"),
                post("white space only", "  \n ", 400, "invalid-event", "no event"),
                post("an empty array", "[]", 400, "invalid-event", "no event"),
                post("a lone surrogate", "{\"payload\":\"\\ud800\"}", 400, "invalid-event", "surrogate"),
                post("a control character in a string", "{\"payload\":\"a\u0001\"}", 400, "invalid-event", "line 1"),
                row(
                        "invalid UTF-8",
                        request("POST", EVENTS, "{\"payload\":\"\u00ff\"}".getBytes(ISO_8859_1), JSON),
                        400,
                        "invalid-event",
                        "UTF-8"),
                row(
                        "UTF-16",
                        request("POST", EVENTS, "{\"payload\":1}".getBytes(UTF_16), JSON),
                        400,
                        "invalid-event",
                        "UTF-8"),
                post("an unknown field of an event", "{\"payload\":1,\"eid\":\"x\"}", 400, "invalid-event", "line 1"),
                post("a bot of the wrong type", "{\"payload\":1,\"id\":7}", 400, "invalid-event", "wrong type"),
                post(
                        "a bad correlation",
                        "{\"payload\":1,\"correlation_id\":{\"units\":1}}",
                        400,
                        "invalid-event",
                        "line 1"),
                post("another queue", "{\"payload\":1,\"event\":\"other\"}", 400, "invalid-event", "another queue"),
                post(
                        "a source timestamp below 1",
                        "{\"payload\":1,\"event_source_timestamp\":0}",
                        400,
                        "invalid-event",
                        "milliseconds"));
    }

    private static Stream<BadRow> sizes() {
        return Stream.of(
                big(
                        "a 20 MB string",
                        () -> ("\"" + "x".repeat(20_000_000) + "\"").getBytes(UTF_8),
                        413,
                        "too-large",
                        "16777216",
                        JSON),
                big(
                        "an event over 4 MiB",
                        () -> ("\"" + "x".repeat(5 * MIB) + "\"").getBytes(UTF_8),
                        413,
                        "too-large",
                        "4194304",
                        JSON),
                big(
                        "an event over 4 MiB in a later line",
                        () -> ("1\n\"" + "x".repeat(5 * MIB) + "\"").getBytes(UTF_8),
                        413,
                        "too-large",
                        "line 2",
                        NDJSON),
                big(
                        "more than 100,000 events",
                        () -> "1\n".repeat(100_001).getBytes(UTF_8),
                        413,
                        "too-large",
                        "100000",
                        NDJSON),
                new BadRow(
                        "a length over all bounds",
                        () -> concat(
                                request("POST", EVENTS, new byte[0], JSON, "Content-Length: 70000000"), new byte[0]),
                        413,
                        "too-large",
                        "larger"),
                new BadRow(
                        "a length over the framework's bound",
                        () -> concat(
                                request("POST", EVENTS, new byte[0], JSON, "Content-Length: 90000000000"), new byte[0]),
                        413,
                        "too-large",
                        "larger"),
                new BadRow("20 MB in chunks", BadEvents::manyChunks, 413, "too-large", "16777216"));
    }

    private static Stream<BadRow> encodings() {
        byte[] event = "{\"payload\":\"good\"}".getBytes(UTF_8);
        byte[] bomb = new byte[64 * MIB];
        String zstd = "Content-Encoding: zstd";
        String gzip = "Content-Encoding: gzip";
        return Stream.of(
                big("a bomb behind zstd", () -> Zstd.compress(bomb), 413, "too-large", "16777216", JSON, zstd),
                big("a bomb behind gzip", () -> gzip(bomb), 413, "too-large", "16777216", JSON, gzip),
                big("truncated zstd", () -> cut(Zstd.compress(event), 3), 400, "bad-request", "zstd", JSON, zstd),
                big("truncated gzip", () -> cut(gzip(event), 9), 400, "bad-request", "gzip", JSON, gzip),
                big("corrupt zstd", () -> flip(Zstd.compress(event), 0), 400, "bad-request", "zstd", JSON, zstd),
                big("corrupt gzip", () -> flip(gzip(event), 12), 400, "bad-request", "gzip", JSON, gzip),
                big(
                        "a wrong checksum behind gzip",
                        () -> flip(gzip(event), gzip(event).length - 6),
                        400,
                        "bad-request",
                        "gzip",
                        JSON,
                        gzip),
                big(
                        "garbage behind zstd",
                        () -> concat(Zstd.compress(event), event),
                        400,
                        "bad-request",
                        "zstd",
                        JSON,
                        zstd),
                big("garbage behind gzip", () -> concat(gzip(event), event), 400, "bad-request", "gzip", JSON, gzip),
                big(
                        "little garbage behind gzip",
                        () -> concat(gzip(event), new byte[] {1}),
                        400,
                        "bad-request",
                        "gzip",
                        JSON,
                        gzip),
                big("no zstd at all", () -> event, 400, "bad-request", "zstd", JSON, zstd),
                big(
                        "an unknown encoding",
                        () -> event,
                        415,
                        "unsupported-media-type",
                        "Content-Encoding",
                        JSON,
                        "Content-Encoding: br"),
                big(
                        "stacked encodings",
                        () -> gzip(gzip(event)),
                        415,
                        "unsupported-media-type",
                        "Content-Encoding",
                        JSON,
                        "Content-Encoding: gzip, gzip"),
                big(
                        "encodings in two lines",
                        () -> gzip(event),
                        400,
                        "bad-request",
                        "more than once",
                        JSON,
                        gzip,
                        gzip),
                big(
                        "malformed JSON behind zstd",
                        () -> Zstd.compress("{".getBytes(UTF_8)),
                        400,
                        "invalid-event",
                        "line 1",
                        JSON,
                        zstd));
    }

    private static byte[] manyChunks() {
        byte[] chunk = concat("80000\r\n".getBytes(UTF_8), " ".repeat(0x80000).getBytes(UTF_8), "\r\n".getBytes(UTF_8));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(request("POST", EVENTS, new byte[0], JSON, "Transfer-Encoding: chunked"));
        for (int i = 0; i < 40; i++) {
            all.writeBytes(chunk);
        }
        all.writeBytes("0\r\n\r\n".getBytes(UTF_8));
        return all.toByteArray();
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(target)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target.toByteArray();
    }

    private static byte[] cut(byte[] bytes, int off) {
        return Arrays.copyOf(bytes, bytes.length - off);
    }

    private static byte[] flip(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 0x55;
        return flipped;
    }
}
