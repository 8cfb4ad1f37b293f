package io.millrace.node.webhook;

import io.millrace.node.run.NotTakenException;
import io.millrace.node.settings.WebhookSettings;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * One call on a connection of its own. It ends with the whole answer, or when one of its times is over, or when it is broken
 * off; its connection ends with it.
 */
final class Call {
    private static final int MAX_CAUSES = 10;

    private final WebhookSettings settings;
    private final ActorSystem<?> system;
    private final Duration timeout;
    private final SharedKillSwitch kill = KillSwitches.shared("webhook");
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    Call(WebhookSettings settings, ActorSystem<?> system, Duration timeout) {
        this.settings = settings;
        this.system = system;
        this.timeout = timeout;
    }

    void begin(Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> connection, HttpRequest request) {
        Cancellable whole = after(timeout, new CallFailedException("no whole answer within " + timeout));
        Cancellable connecting = after(
                settings.connectTimeout(), new NotTakenException("no connection within " + settings.connectTimeout()));
        Pair<CompletionStage<OutgoingConnection>, CompletionStage<Answer>> running = Source.single(request)
                .concat(Source.maybe()) // what has ended already can't be broken off
                .via(kill.flow())
                .viaMat(connection, Keep.right())
                .via(kill.flow())
                .mapAsync(1, this::read)
                .toMat(Sink.head(), Keep.both())
                .run(system);
        running.first().whenComplete((connected, failure) -> connecting.cancel());
        running.second().whenComplete((read, failure) -> {
            whole.cancel();
            connecting.cancel();
            kill.shutdown();
            if (failure == null) {
                answer.complete(read);
            } else {
                answer.completeExceptionally(explain(failure));
            }
        });
    }

    /** The answer; fails with a {@link CallFailedException} or {@link NotTakenException}. */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** Ends it at once. */
    void cancel(String why) {
        kill.abort(new NotTakenException(why));
    }

    private Cancellable after(Duration time, RuntimeException why) {
        return system.scheduler().scheduleOnce(time, () -> kill.abort(why), system.executionContext());
    }

    private CompletionStage<Answer> read(HttpResponse response) {
        Cancellable reading = after(
                settings.bodyTimeout(),
                new CallFailedException("the answer didn't end within " + settings.bodyTimeout()));
        return response.entity()
                .withoutSizeLimit()
                .getDataBytes()
                .via(kill.flow())
                .limitWeighted(settings.answerBytes(), bytes -> (long) bytes.length())
                .runFold(ByteString.emptyByteString(), (all, bytes) -> all.concat(bytes), system)
                .whenComplete((body, failure) -> reading.cancel())
                .thenApply(body -> new Answer(
                        response.status().intValue(),
                        response.getHeader("Retry-After").map(HttpHeader::value).orElse(null),
                        body));
    }

    /** In our words: the framework's have addresses in them. */
    private RuntimeException explain(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof CallFailedException known) {
                return known;
            } else if (cause instanceof NotTakenException known) {
                return known;
            } else if (cause instanceof StreamLimitReachedException) {
                return new CallFailedException("the answer is longer than " + settings.answerBytes() + " bytes");
            } else if (cause instanceof SSLException) {
                return new NotTakenException(
                        "TLS failed: the certificate isn't one for this host, or no TLS is spoken");
            } else if (cause instanceof ConnectException) {
                return new NotTakenException("the connection was refused");
            }
        }
        return new CallFailedException("the connection failed before there was a whole answer");
    }
}
