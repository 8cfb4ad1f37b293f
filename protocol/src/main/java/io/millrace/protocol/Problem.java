package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, after RFC 9457 ({@code application/problem+json}).
 *
 * @param type {@code urn:millrace:problem:<slug>}
 * @param title the kind of problem in a few words
 * @param status the HTTP status
 * @param detail this occurrence, for a person; never text of a parser or a stack trace
 * @param retryable true if the same request may succeed later
 * @param errors where the input was at fault
 * @param overlap with {@link ProblemType#OVERLAP}: where to cut batches
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        @JsonProperty("type") String type,
        @JsonProperty("title") String title,
        @JsonProperty("status") int status,
        @JsonProperty("detail") String detail,
        @JsonProperty("retryable") boolean retryable,
        @JsonProperty("errors") List<InputError> errors,
        @JsonProperty("overlap") @Nullable Overlap overlap) {

    /** The media type of a problem document. */
    public static final String MEDIA_TYPE = "application/problem+json";

    @SuppressWarnings("ConstantValue") // JSON can leave a field out
    public Problem {
        errors = errors == null ? List.of() : List.copyOf(errors);
    }

    /** The kind and this occurrence. */
    public static Problem of(ProblemType type, String detail) {
        return of(type, detail, List.of());
    }

    /** The kind, this occurrence and where the input was at fault. */
    public static Problem of(ProblemType type, String detail, List<InputError> errors) {
        return new Problem(type.urn(), type.title(), type.status(), detail, type.isRetryable(), errors, null);
    }

    /** What a bot's output was refused for, when it names parents on both sides of what the queue has of it already. */
    public static Problem overlap(Overlap overlap) {
        ProblemType type = ProblemType.OVERLAP;
        String detail = "the queue has the bot's output up to " + overlap.position() + " of queue " + overlap.source()
                + " already: end a batch there";
        return new Problem(type.urn(), type.title(), type.status(), detail, type.isRetryable(), List.of(), overlap);
    }

    /** True if the problem is of this kind. */
    @JsonIgnore
    public boolean is(ProblemType kind) {
        return type.equals(kind.urn());
    }

    /**
     * Up to where a queue has a bot's output.
     *
     * @param source the queue that it was made from
     * @param position the last event there whose output is written
     */
    public record Overlap(
            @JsonProperty("source") String source,
            @JsonProperty("position") EventId position) {}

    /**
     * One fault in the input.
     *
     * @param line the line it stands in, from 1
     * @param pointer the field, as a JSON Pointer (RFC 6901)
     * @param detail what is wrong and what would be right
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record InputError(
            @JsonProperty("line") @Nullable Integer line,
            @JsonProperty("pointer") @Nullable String pointer,
            @JsonProperty("detail") String detail) {}
}
