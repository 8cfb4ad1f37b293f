package io.millrace.node.http;

import static io.millrace.node.http.BadRow.EVENTS;
import static io.millrace.node.http.BadRow.JSON;
import static io.millrace.node.http.BadRow.get;
import static io.millrace.node.http.BadRow.row;
import static io.millrace.node.http.RawHttp.request;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.Stream;

/** Names and parameters that aren't allowed. */
final class BadTargets {
    private BadTargets() {}

    static Stream<BadRow> rows() {
        return Stream.of(names(), parameters()).flatMap(rows -> rows);
    }

    private static Stream<BadRow> names() {
        Stream<BadRow> names = Stream.of(
                        "..",
                        "%2e%2e",
                        "%2e%2e%2fx",
                        "a%2Fb",
                        "a%7Cb",
                        "%20",
                        ".hidden",
                        "-a",
                        "a%00b",
                        "%C3%BC",
                        "%F0%9F%98%80",
                        "a:b",
                        "a;b",
                        "a%25b",
                        "a%0d%0ab",
                        "a".repeat(201),
                        "x".repeat(4_096),
                        "")
                .flatMap(BadTargets::named);
        return Stream.concat(
                names,
                Stream.of(
                        row("a way out", request("PUT", "/v1/queues/../x", new byte[0]), 404, "not-found", ""),
                        row("a bare pipe", request("PUT", "/v1/queues/a|b", new byte[0]), 400, "bad-request", ""),
                        row(
                                "bytes beyond ASCII",
                                request("PUT", "/v1/queues/\u00fc", new byte[0]),
                                400,
                                "bad-request",
                                ""),
                        row("half an escape", request("PUT", "/v1/queues/a%2", new byte[0]), 400, "bad-request", ""),
                        row(
                                "escapes not UTF-8",
                                request("PUT", "/v1/queues/%ff%fe", new byte[0]),
                                400,
                                "bad-request",
                                ""),
                        row(
                                "an overlong escape",
                                request("PUT", "/v1/queues/%c0%ae", new byte[0]),
                                400,
                                "bad-request",
                                ""),
                        row(
                                "a URI of 20 KB",
                                request("PUT", "/v1/queues/" + "x".repeat(20_000), new byte[0]),
                                414,
                                "uri-too-long",
                                ""),
                        get("an unknown route", "/v1/nothing", 404, "not-found", "openapi"),
                        get("an unknown route of a bot", "/v1/bots/price/expound", 404, "not-found", ""),
                        get("a bad producer", "/v1/queues/orders/producers/a%2Fb", 400, "invalid-name", "producer"),
                        row(
                                "a wrong method",
                                request("PATCH", "/v1/queues/orders", "{}".getBytes(UTF_8), JSON),
                                405,
                                "method-not-allowed",
                                "GET, PUT, DELETE"),
                        row(
                                "a wrong method for events",
                                request("DELETE", EVENTS, new byte[0]),
                                405,
                                "method-not-allowed",
                                "POST, GET"),
                        row(
                                "an invented method",
                                request("BREW", EVENTS, new byte[0]),
                                405,
                                "method-not-allowed",
                                "unknown")));
    }

    private static Stream<BadRow> named(String name) {
        byte[] none = new byte[0];
        return Stream.of(
                row(
                        "append to queue '" + shown(name) + "'",
                        request("POST", "/v1/queues/" + name + "/events", "1".getBytes(UTF_8), JSON),
                        400,
                        "invalid-name",
                        ""),
                row(
                        "make queue '" + shown(name) + "'",
                        request("PUT", "/v1/queues/" + name, none),
                        400,
                        "invalid-name",
                        ""),
                row(
                        "make bot '" + shown(name) + "'",
                        request("PUT", "/v1/bots/" + name, "{}".getBytes(UTF_8), JSON),
                        400,
                        "invalid-name",
                        ""));
    }

    private static Stream<BadRow> parameters() {
        return Stream.concat(
                Stream.of("-1", "0", "2147483648", "abc", "1.5", "1e3", "", "%2B1", "99999999999999999999", "100001")
                        .map(limit -> get("limit " + limit, EVENTS + "?limit=" + limit, 400, "bad-request", "limit")),
                Stream.of(
                        get("a limit without a value", EVENTS + "?limit", 400, "bad-request", "limit"),
                        get("a repeated parameter", EVENTS + "?limit=1&limit=2", 400, "bad-request", "more than once"),
                        get("an unknown parameter", EVENTS + "?limits=1", 400, "bad-request", "unknown"),
                        get(
                                "a parameter where there are none",
                                "/v1/queues/orders?x=1",
                                400,
                                "bad-request",
                                "no query parameters"),
                        get("an empty parameter", EVENTS + "?limit=1&", 400, "bad-request", "unknown"),
                        get("bytes 0", EVENTS + "?bytes=0", 400, "bad-request", "bytes"),
                        get("wait 61", EVENTS + "?wait=61", 400, "bad-request", "wait"),
                        get("a malformed id", EVENTS + "?after=z/2024/13", 400, "invalid-position", "after"),
                        get(
                                "a foreign id",
                                EVENTS + "?after=01ARZ3NDEKTSV4RRFFQ69G5FAV",
                                400,
                                "invalid-position",
                                "after"),
                        get(
                                "an id whose date and ms disagree",
                                EVENTS + "?after=z/2024/01/01/00/00/1700000000000-0000000",
                                400,
                                "invalid-position",
                                "after"),
                        get("an empty position", EVENTS + "?after=", 400, "invalid-position", "after"),
                        get("a malformed bound", EVENTS + "?until=tomorrow", 400, "invalid-position", "until"),
                        get(
                                "a malformed last event id",
                                EVENTS,
                                400,
                                "invalid-position",
                                "Last-Event-ID",
                                "Accept: text/event-stream",
                                "Last-Event-ID: 17"),
                        get(
                                "a malformed expression",
                                EVENTS + "?where=payload.a%20%3D%3D",
                                400,
                                "bad-request",
                                "where"),
                        get(
                                "an expression with an unknown name",
                                EVENTS + "?where=nobody%3D%3D1",
                                400,
                                "bad-request",
                                "unknown name"),
                        get(
                                "an expression that is too long",
                                EVENTS + "?where=" + "1".repeat(1_001),
                                400,
                                "bad-request",
                                "1000 characters"),
                        get(
                                "an expression that isn't a condition",
                                EVENTS + "?where=1%2B1",
                                400,
                                "bad-request",
                                "true or false"),
                        get(
                                "an expression over blocks",
                                EVENTS + "?where=true",
                                400,
                                "bad-request",
                                "stored blocks",
                                "Accept: application/vnd.millrace.block"),
                        get(
                                "a wait of an event stream",
                                EVENTS + "?wait=1",
                                400,
                                "bad-request",
                                "wait",
                                "Accept: text/event-stream"),
                        get(
                                "a media type that we don't have",
                                EVENTS,
                                406,
                                "not-acceptable",
                                "application/x-ndjson",
                                "Accept: image/png"),
                        get("all media types refused", EVENTS, 406, "not-acceptable", "", "Accept: */*;q=0"),
                        get("a malformed Accept", EVENTS, 400, "bad-request", "Accept", "Accept: everything"),
                        get("a page limit over 1000", "/v1/queues?limit=1001", 400, "bad-request", "limit"),
                        get("an unknown state", "/v1/bots?state=happy", 400, "bad-request", "state"),
                        row(
                                "purge neither true nor false",
                                request("DELETE", "/v1/queues/orders?purge=yes", new byte[0]),
                                400,
                                "bad-request",
                                "purge")));
    }

    private static String shown(String name) {
        return name.length() > 40 ? name.length() + " times " + name.charAt(0) : name;
    }
}
