package io.millrace.node.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.event.InvalidEventsException;
import io.millrace.protocol.event.JsonText;
import io.millrace.protocol.http.MediaTypes;
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

    @SuppressWarnings("ConstantValue") // the text may be a JSON null
    static <T> T parse(byte[] body, Class<T> type) {
        T value;
        try {
            JsonText.check(body);
            value = Json.read(body, type);
        } catch (InvalidEventsException e) {
            throw new Refusal(Problem.of(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()), e.errors()));
        } catch (IllegalArgumentException e) {
            throw explain(e.getCause());
        }
        if (value == null) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, "", "the body must be a JSON object");
        }
        return value;
    }

    private static Refusal explain(@Nullable Throwable cause) {
        if (cause instanceof UnrecognizedPropertyException unknown) {
            return Refusal.pointer(ProblemType.UNPROCESSABLE, pointer(unknown), "the field is unknown");
        }
        if (cause instanceof JsonMappingException mapping && !(mapping.getCause() instanceof StreamReadException)) {
            return mapping.getPath().isEmpty() && trailing(mapping)
                    ? malformed(mapping)
                    : Refusal.pointer(
                            ProblemType.UNPROCESSABLE,
                            pointer(mapping),
                            "the field is missing, or of the wrong type or form");
        }
        return malformed(cause instanceof JsonProcessingException syntax ? syntax : null);
    }

    /** Text behind the value is reported as a mismatch, though the JSON itself is at fault. */
    private static boolean trailing(JsonMappingException mapping) {
        return mapping instanceof MismatchedInputException
                && String.valueOf(mapping.getOriginalMessage()).startsWith("Trailing token");
    }

    private static Refusal malformed(@Nullable JsonProcessingException syntax) {
        JsonLocation location = syntax == null ? null : syntax.getLocation();
        Integer line = location == null || location.getLineNr() < 1 ? null : location.getLineNr();
        String detail = "not one valid JSON value, or a field stands twice in one object, or it nests too deep";
        return new Refusal(Problem.of(
                ProblemType.BAD_REQUEST,
                line == null ? detail : "line " + line + ": " + detail,
                List.of(new InputError(line, null, detail))));
    }

    private static String pointer(JsonMappingException at) {
        StringBuilder pointer = new StringBuilder();
        for (JsonMappingException.Reference step : at.getPath()) {
            pointer.append('/');
            String field = step.getFieldName();
            if (field == null) {
                pointer.append(step.getIndex());
            } else {
                pointer.append(escape(field));
            }
        }
        return pointer.toString();
    }

    /** A name as a step of a JSON Pointer. */
    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** @throws Refusal if the field, which must be there, is null */
    static <T> T requireField(String pointer, @Nullable T value) {
        if (value == null) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, pointer, "the field must not be null");
        }
        return value;
    }
}
