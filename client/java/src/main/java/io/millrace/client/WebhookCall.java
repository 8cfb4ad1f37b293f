package io.millrace.client;

import io.millrace.protocol.Event;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.WebhookSecrets;
import io.millrace.protocol.json.Json;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook bot's server of yours was sent, once it is known that it comes from the bus. Any HTTP server will do:
 *
 * <pre>{@code
 * WebhookCall call = WebhookCall.open(request::header, request.body(), secret); // WebhookRefusedException: answer 401
 * List<Result> results = new ArrayList<>();
 * for (Event event : call.events()) {
 *     results.add(Result.done(Emit.of("priced", price(event)))); // or Result.retry, Result.reject
 * }
 * response.json(Json.bytes(new WebhookAnswer(results, null)));   // or 204: all is done
 * }</pre>
 *
 * A batch may be sent more than once: what is emitted by the answer stands there once all the same, what else you do is
 * yours to make repeatable, by {@code id}, by the events' ids, or with {@code epoch} as a fencing token.
 *
 * @param id names the batch: the same when the same batch comes again
 * @param bot whose webhook this is
 * @param queue where the events stand; null if the bot reads nothing
 * @param run the run
 * @param epoch grows with every run of the bot
 * @param deadline when the run's lease ends
 * @param events in order; none if the bot reads nothing
 */
public record WebhookCall(
        String id, String bot, @Nullable String queue, String run, long epoch, Instant deadline, List<Event> events) {
    /** How far the call's time may be from this machine's: Standard Webhooks's against repetitions of old calls. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /**
     * Checks the signature and the time, and reads the events.
     *
     * @param header gives the request's header field of a name, null if it isn't there
     * @param body as it came, not decoded and not written anew
     * @param secret as it was registered: {@code whsec_} and base64; of two with a space between one has to fit
     * @throws WebhookRefusedException if the call isn't one of the bus's that was just sent
     * @throws IllegalArgumentException if the secret has another form
     */
    public static WebhookCall open(Function<String, @Nullable String> header, byte[] body, String secret) {
        return open(header, body, secret, Clock.systemUTC());
    }

    static WebhookCall open(Function<String, @Nullable String> header, byte[] body, String secret, Clock clock) {
        WebhookSecrets secrets = WebhookSecrets.of(secret)
                .orElseThrow(
                        () -> new IllegalArgumentException("the secret isn't whsec_ and base64 of 24 to 64 bytes"));
        String signatures = field(header, Headers.WEBHOOK_SIGNATURE);
        String id = field(header, Headers.WEBHOOK_ID);
        try {
            long sentAt = Long.parseLong(field(header, Headers.WEBHOOK_TIMESTAMP));
            if (!secrets.haveSigned(signatures, id, sentAt, body)) {
                throw new WebhookRefusedException("the signature doesn't fit", null);
            }
            Duration off = Duration.between(Instant.ofEpochSecond(sentAt), clock.instant());
            if (off.abs().compareTo(TOLERANCE) > 0) {
                throw new WebhookRefusedException("its time is more than " + TOLERANCE + " from this machine's", null);
            }
            return new WebhookCall(
                    id,
                    field(header, Headers.BOT),
                    header.apply(Headers.QUEUE),
                    field(header, Headers.RUN_ID),
                    Long.parseLong(field(header, Headers.EPOCH)),
                    Instant.parse(field(header, Headers.DEADLINE)),
                    events(body));
        } catch (IllegalArgumentException | DateTimeException | UnavailableException e) {
            throw new WebhookRefusedException("it can't be read", e);
        }
    }

    private static String field(Function<String, @Nullable String> header, String name) {
        String value = header.apply(name);
        if (value == null) {
            throw new WebhookRefusedException("it has no field " + name, null);
        }
        return value;
    }

    /** An array, or a line for each. */
    private static List<Event> events(byte[] body) {
        return body.length > 0 && body[0] == '['
                ? List.of(Json.readAnswer(body, Event[].class))
                : List.copyOf(EventLines.read(body));
    }
}
