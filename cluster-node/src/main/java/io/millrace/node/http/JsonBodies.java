package io.millrace.node.http;

import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.json.InvalidJsonException;
import io.millrace.protocol.json.Json;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the small JSON documents that configure things; says in our words what is wrong and where. */
final class JsonBodies {
    /** A registration with all its settings is far below. */
    private static final int LIMIT = 1 << 20;

    private final Bodies bodies;
    private final Admission admission;

    JsonBodies(Bodies bodies, Admission admission) {
        this.bodies = bodies;
        this.admission = admission;
    }

    /** Fails with a {@link Refusal} if the body isn't an object that fits {@code type}. */
    <T> CompletionStage<T> read(Exchange exchange, Class<T> type) {
        return read(exchange, type, null);
    }

    /** As the shorter form; an empty body is {@code otherwise}. */
    <T> CompletionStage<T> read(Exchange exchange, Class<T> type, @Nullable T otherwise) {
        if (ContentDecoding.of(exchange.header("Content-Encoding")) != ContentDecoding.IDENTITY) {
            throw Refusal.field(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding", "is not taken here");
        }
        boolean mayBeEmpty = otherwise != null && exchange.request().entity().isKnownEmpty();
        if (!mayBeEmpty && !isJson(exchange)) {
            throw Refusal.field(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Content-Type", "must be application/json");
        }
        Admission.Reservation reservation = admission.append();
        return bodies.read(exchange, LIMIT, reservation)
                .whenComplete((body, failure) -> reservation.close())
                .thenApply(body -> body.length == 0 && otherwise != null ? otherwise : parse(body, type));
    }

    private static boolean isJson(Exchange exchange) {
        return exchange.request()
                .entity()
                .getContentType()
                .mediaType()
                .toString()
                .equals(MediaTypes.JSON);
    }

    private static <T> T parse(byte[] body, Class<T> type) {
        try {
            return Json.read(body, type);
        } catch (InvalidJsonException e) {
            String detail = String.valueOf(e.getMessage());
            boolean malformed = e.line() != null || detail.equals(Json.NOT_JSON) || detail.equals(Json.TOO_DEEP);
            throw new Refusal(Problem.of(
                    malformed ? ProblemType.BAD_REQUEST : ProblemType.UNPROCESSABLE,
                    e.line() == null ? detail : "line " + e.line() + ": " + detail,
                    List.of(new InputError(e.line(), e.pointer(), detail))));
        }
    }

    /** @throws Refusal if the field, which must be there, is null */
    static <T> T requireField(String pointer, @Nullable T value) {
        if (value == null) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, pointer, "the field must not be null");
        }
        return value;
    }
}
