package io.millrace.node.http;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** Answers what is so malformed that no request came of it. Named in {@code pekko.http.server.parsing.error-handler}. */
public final class ParsingProblems extends ParsingErrorHandler {
    /** Where the framework looks for the handler: it expects a Scala object. */
    @SuppressWarnings({"checkstyle:ConstantName", "unused"})
    public static final ParsingProblems MODULE$ = new ParsingProblems();

    private ParsingProblems() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        return switch (status.intValue()) {
            case 413 -> answer(ProblemType.TOO_LARGE, "the body is larger than this node takes");
            case 414 -> answer(ProblemType.URI_TOO_LONG, "the URI is longer than 16 KiB");
            case 415 -> answer(ProblemType.UNSUPPORTED_MEDIA_TYPE, "the Content-Type is malformed");
            case 431 ->
                answer(ProblemType.HEADERS_TOO_LARGE, "a header field is longer than 8 KiB, or there are more than 64");
            case 501 ->
                answer(ProblemType.METHOD_NOT_ALLOWED, "the method is unknown")
                        .addHeader(RawHeader.create("Allow", "GET, PUT, POST, DELETE"));
            default ->
                answer(
                        ProblemType.BAD_REQUEST,
                        "the request line, a header field or the framing is not valid HTTP/1.1, or there are more than 64 header fields");
        };
    }

    private static HttpResponse answer(ProblemType type, String detail) {
        return Answers.problem(Problem.of(type, detail));
    }
}
