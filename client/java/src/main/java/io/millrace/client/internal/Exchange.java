package io.millrace.client.internal;

import io.millrace.client.internal.TransportException.Effect;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** The attempts of one call, one after the other. */
final class Exchange {
    /** With less time than this left, an attempt would only blur what is known about the ones before. */
    private static final Duration LEAST_ATTEMPT = Duration.ofMillis(50);

    private final Transport transport;
    private final Call call;
    private final CompletableFuture<Answer> result = new CompletableFuture<>();
    private final long deadline;
    private int attempts;
    private volatile boolean uncertain;
    private volatile @Nullable Future<?> current;

    Exchange(Transport transport, Call call) {
        this.transport = transport;
        this.call = call;
        this.deadline = System.nanoTime() + call.deadline().toNanos();
    }

    CompletableFuture<Answer> result() {
        return result;
    }

    void attempt() {
        if (result.isDone()) {
            return;
        }
        attempts++;
        URI node = transport.route(call);
        Duration limit = min(transport.attemptTimeout().plus(call.hold()), remaining());
        try {
            CompletableFuture<HttpResponse<byte[]>> sent =
                    transport.http().sendAsync(request(node), BodyHandlers.ofByteArray());
            current = sent;
            // The JDK's own time-out ends with the answer's headers; this one covers its body.
            Future<?> alarm = transport.later(() -> sent.cancel(true), limit);
            Futures.onDone(sent, (response, failure) -> {
                alarm.cancel(false);
                // This is the thread that serves all connections: off it with everything else.
                transport.executor().execute(() -> ended(node, response, failure));
            });
        } catch (RejectedExecutionException e) {
            close();
        }
        if (result.isDone()) {
            stop(); // cancelled while it was being sent
        }
    }

    private void ended(URI node, HttpResponse<byte[]> response, @Nullable Throwable failure) {
        if (failure == null) {
            answered(node, response);
        } else {
            transport.failed(call, node);
            failed(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
        }
    }

    private HttpRequest request(URI node) {
        byte[] body = call.body();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node + call.path()))
                .method(call.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        call.headers().forEach(request::header);
        String token = transport.token();
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private void answered(URI node, HttpResponse<byte[]> response) {
        if (RetryRule.speaksForTheNode(response.statusCode())) {
            transport.failed(call, node);
        }
        Answer answer = new Answer(response.statusCode(), response.headers(), response.body(), uncertain);
        switch (RetryRule.judge(answer)) {
            case FINAL -> result.complete(answer);
            case NOT_DONE -> again(answer, null);
            case UNCERTAIN -> {
                uncertain = true;
                Answer doubtful = new Answer(answer.status(), answer.headers(), answer.body(), true);
                if (call.repeatable()) {
                    again(doubtful, null);
                } else {
                    result.complete(doubtful);
                }
            }
        }
    }

    private void failed(@Nullable Throwable failure) {
        boolean sent = !(failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof SSLHandshakeException);
        uncertain |= sent;
        if (sent && !call.repeatable()) {
            giveUp(failure);
        } else {
            again(null, failure);
        }
    }

    private void again(@Nullable Answer answer, @Nullable Throwable failure) {
        Duration delay = transport.backoff().delay(attempts);
        Duration asked = answer == null ? null : RetryRule.retryAfter(answer);
        if (asked != null && asked.compareTo(delay) > 0) {
            delay = asked;
        }
        if (delay.plus(LEAST_ATTEMPT).compareTo(remaining()) < 0) {
            try {
                current = transport.later(() -> transport.executor().execute(this::attempt), delay);
            } catch (RejectedExecutionException e) {
                close();
            }
        } else if (answer != null) {
            result.complete(answer);
        } else {
            giveUp(failure);
        }
    }

    private void giveUp(@Nullable Throwable failure) {
        result.completeExceptionally(new TransportException(
                uncertain ? Effect.UNKNOWN : Effect.NONE,
                uncertain
                        ? "no answer from " + transport.endpoints() + " within " + call.deadline()
                        : "can't connect to " + transport.endpoints(),
                failure));
    }

    void close() {
        result.completeExceptionally(new TransportException(Effect.CLOSED, "the client was closed", null));
    }

    void stop() {
        Future<?> running = current;
        if (running != null) {
            running.cancel(true);
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
