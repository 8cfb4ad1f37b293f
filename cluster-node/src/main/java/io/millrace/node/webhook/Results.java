package io.millrace.node.webhook;

import io.millrace.node.run.EventResult;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.http.WebhookAnswer;
import io.millrace.protocol.json.InvalidJsonException;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a webhook's answer says about each event, and emits. */
final class Results {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int MAX_MESSAGE = 2_000;
    private static final EventResult DONE = new EventResult.Done();

    private Results() {}

    /**
     * Reads an answer; it emits in the order of the events, and only for those before the first that isn't done: the others
     * come again.
     *
     * @throws CallFailedException if it isn't one
     */
    static List<EventResult> of(byte[] body, List<Event> events, Emitter out) {
        WebhookAnswer answer = body.length == 0 ? WebhookAnswer.DONE : parse(body);
        List<WebhookAnswer.Result> given = answer.results();
        if (given != null && given.size() != events.size()) {
            throw new CallFailedException(
                    "the answer has " + given.size() + " results for " + events.size() + " events");
        }
        List<EventResult> results = new ArrayList<>(events.size());
        boolean allDone = true;
        for (int i = 0; i < events.size(); i++) {
            WebhookAnswer.Result result = given == null ? null : given.get(i);
            results.add(result == null ? missing(given, i) : read(result, i));
            allDone = allDone && results.get(i) instanceof EventResult.Done;
            if (allDone && result != null) {
                emit(out.from(events.get(i)), result.emit(), "/results/" + i + "/emit");
            }
        }
        if (answer.emit() != null && !allDone) {
            throw new CallFailedException("the answer emits for the whole batch, not all of which is done");
        }
        emit(out, answer.emit(), "/emit");
        return results;
    }

    private static EventResult missing(@Nullable List<WebhookAnswer.Result> given, int index) {
        if (given != null) {
            throw new CallFailedException("the answer's /results/" + index + " is null");
        }
        return DONE;
    }

    private static WebhookAnswer parse(byte[] body) {
        try {
            return Json.read(body, WebhookAnswer.class);
        } catch (InvalidJsonException e) {
            String pointer = e.pointer();
            throw new CallFailedException(
                    "the answer can't be read" + (pointer == null ? "" : " at " + pointer) + ": " + e.getMessage());
        }
    }

    private static EventResult read(WebhookAnswer.Result result, int index) {
        if (result.emit() != null && result.status() != WebhookAnswer.Status.DONE) {
            throw new CallFailedException("the answer's /results/" + index + " emits and isn't done");
        }
        String message = message(result.message());
        Duration after = result.after() == null ? SOON : result.after();
        return switch (result.status()) {
            case DONE -> DONE;
            case RETRY -> new EventResult.Retry(RetryAfter.bound(after), message);
            case REJECT -> new EventResult.Reject(message);
        };
    }

    private static String message(@Nullable String given) {
        String message = given == null || given.isBlank() ? "no reason was given" : given;
        return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
    }

    private static void emit(Emitter out, @Nullable List<WebhookAnswer.Emit> events, String pointer) {
        if (events == null) {
            return;
        }
        for (int i = 0; i < events.size(); i++) {
            WebhookAnswer.Emit event = events.get(i);
            if (event == null) {
                throw new CallFailedException("the answer's " + pointer + "/" + i + " is null");
            }
            try {
                out.emit(event.queue(), event.payload());
            } catch (IllegalArgumentException e) {
                throw new CallFailedException("the answer's " + pointer + "/" + i + ": " + e.getMessage());
            }
        }
    }
}
