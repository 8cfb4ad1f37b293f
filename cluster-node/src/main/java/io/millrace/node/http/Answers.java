package io.millrace.node.http;

import io.millrace.node.application.Outcome;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** Builds answers. */
final class Answers {
    static final ContentType NDJSON = binary(MediaTypes.NDJSON);
    static final ContentType BLOCK = binary(MediaTypes.BLOCK);
    static final ContentType EVENT_STREAM =
            ContentTypes.create(org.apache.pekko.http.javadsl.model.MediaTypes.TEXT_EVENT_STREAM);
    private static final ContentType PROBLEM = binary(Problem.MEDIA_TYPE);

    /** Seconds after which what was busy or away is worth another try. */
    private static final RawHeader RETRY_AFTER = RawHeader.create("Retry-After", "1");

    /** What a caller is to prove who it is with (RFC 6750). */
    private static final RawHeader BEARER = RawHeader.create("WWW-Authenticate", "Bearer");

    private Answers() {}

    /** A type without a charset parameter: these are UTF-8 or bytes by definition. */
    static ContentType binary(String mediaType) {
        String[] parts = mediaType.split("/");
        return ContentTypes.create(
                org.apache.pekko.http.javadsl.model.MediaTypes.customBinary(parts[0], parts[1], true));
    }

    static HttpResponse json(int status, @Nullable Object value) {
        return of(status, ContentTypes.APPLICATION_JSON, Json.bytes(value));
    }

    static HttpResponse of(int status, ContentType type, byte[] content) {
        return HttpResponse.create().withStatus(status).withEntity(HttpEntities.create(type, content));
    }

    static HttpResponse empty() {
        return HttpResponse.create().withStatus(204);
    }

    static HttpResponse problem(Problem problem) {
        HttpResponse response = of(problem.status(), PROBLEM, Json.bytes(problem));
        return switch (problem.status()) {
            case 401 -> response.addHeader(BEARER);
            case 429, 503 -> response.addHeader(RETRY_AFTER);
            default -> response;
        };
    }

    /** A problem that is over after some time. */
    static HttpResponse problem(Problem problem, Duration after) {
        return of(problem.status(), PROBLEM, Json.bytes(problem))
                .addHeader(RawHeader.create("Retry-After", Long.toString(after.toSeconds() + 1)));
    }

    /** What came of it: the value in an answer, or the problem. */
    static <T> HttpResponse of(Outcome<T> outcome, Function<T, HttpResponse> answer) {
        if (outcome instanceof Outcome.Done<T> done) {
            return answer.apply(done.value());
        }
        return problem(((Outcome.Refused<T>) outcome).problem());
    }

    /** As 200 and JSON. */
    static <T> HttpResponse ok(Outcome<T> outcome) {
        return of(outcome, value -> json(200, value));
    }
}
