package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.millrace.protocol.Payload;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook answers to a batch, with a status from 200 to 299. An empty body says that all is done.
 *
 * @param results one for each event, in their order; left out, all are done
 * @param emit what all events together give: its parents are the whole batch, so it is taken only if all are done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookAnswer(
        @Nullable List<Result> results, @Nullable List<Emit> emit) {
    /** All is done, and nothing emitted. */
    public static final WebhookAnswer DONE = new WebhookAnswer(null, null);

    /** What became of an event. */
    public enum Status {
        /** It was handled. */
        @JsonProperty("done")
        DONE,
        /** It is to come again, and all after it. */
        @JsonProperty("retry")
        RETRY,
        /** It can't be handled, now or later. */
        @JsonProperty("reject")
        REJECT
    }

    /**
     * What became of one event.
     *
     * @param status whether it was handled
     * @param after with {@code retry}: when it is to come again, at most 1 hour, default 1 second
     * @param message with {@code retry} and {@code reject}: why, at most 2000 characters
     * @param emit with {@code done}: what the event gives; its parent is that event
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            @JsonProperty(value = "status", required = true) @JsonSetter(nulls = Nulls.FAIL)
            Status status,

            @Nullable Duration after,
            @Nullable String message,
            @Nullable List<Emit> emit) {

        /** It was handled, and gives these. */
        public static Result done(Emit... emit) {
            return new Result(Status.DONE, null, null, emit.length == 0 ? null : List.of(emit));
        }

        /** It failed, and is to be tried again, if its attempts aren't used up. */
        public static Result retry(Duration after, String why) {
            return new Result(Status.RETRY, after, why, null);
        }

        /** It can never be handled. */
        public static Result reject(String why) {
            return new Result(Status.REJECT, null, why, null);
        }
    }

    /**
     * An event to write.
     *
     * @param queue where to
     * @param payload any JSON
     */
    public record Emit(
            @JsonProperty(value = "queue", required = true) @JsonSetter(nulls = Nulls.FAIL)
            String queue,

            @JsonProperty(value = "payload", required = true)
            Payload payload) {

        /** An event of anything that Jackson writes. */
        public static Emit of(String queue, @Nullable Object payload) {
            return new Emit(queue, Payload.of(payload));
        }
    }
}
