package io.millrace.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Supplier;

/** A request that is wrong, and what must be answered; {@code says} is a part of the detail. */
record BadRow(String name, Supplier<byte[]> request, int status, String type, String says) {
    static final String EVENTS = "/v1/queues/orders/events";
    static final String JSON = "Content-Type: application/json";
    static final String NDJSON = "Content-Type: application/x-ndjson";
    static final String BLOCK = "Content-Type: application/vnd.millrace.block";

    @Override
    public String toString() {
        return name;
    }

    static BadRow row(String name, byte[] request, int status, String type, String says) {
        return new BadRow(name, () -> request, status, type, says);
    }

    static BadRow post(String name, String body, int status, String type, String says) {
        return row(name, RawHttp.request("POST", EVENTS, body.getBytes(UTF_8), JSON), status, type, says);
    }

    static BadRow get(String name, String target, int status, String type, String says, String... headers) {
        return row(name, RawHttp.request("GET", target, new byte[0], headers), status, type, says);
    }

    static BadRow big(String name, Supplier<byte[]> body, int status, String type, String says, String... headers) {
        return new BadRow(name, () -> RawHttp.request("POST", EVENTS, body.get(), headers), status, type, says);
    }
}
