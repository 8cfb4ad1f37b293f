package io.millrace.node.http;

import io.millrace.node.settings.HttpSettings;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies with a limit, a total deadline and a least rate.
 *
 * <p>What is too large is taken in and dropped for a while: a client that is cut off while it still writes sees a broken
 * connection instead of the answer.
 */
final class Bodies {
    /** How much of a refused body is still taken in, in bytes. */
    private static final long DRAIN = 64L << 20;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final Duration timeout;
    private final HttpSettings.Connections pace;

    Bodies(ActorSystem<?> system, Duration timeout, HttpSettings.Connections pace) {
        this.system = system;
        this.timeout = timeout;
        this.pace = pace;
    }

    /** The body as sent; fails with a {@link Refusal} if it is larger than {@code limit} or the reservation, or too slow. */
    CompletionStage<byte[]> read(Exchange exchange, int limit, Admission.Reservation reservation) {
        exchange.takeBody();
        RequestEntity entity = exchange.request().entity();
        Gathering gathering = new Gathering(limit, reservation, pace);
        if (entity instanceof HttpEntity.Strict strict) {
            gathering.add(strict.getData());
            return CompletableFuture.completedStage(gathering.bytes());
        }
        if (entity.getContentLengthOption().orElse(0) > DRAIN) {
            exchange.leaveBody();
            throw tooLarge(limit);
        }
        return data(entity)
                .completionTimeout(timeout)
                .idleTimeout(pace.stall())
                .runFold(gathering, Gathering::add, system)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(
                        Failures.unwrap(failure) instanceof TimeoutException ? tooSlow() : failure))
                .thenApply(Gathering::bytes);
    }

    /** Takes in a body that nobody wants, within bounds, so that the connection can go on. */
    void drain(HttpRequest request) {
        RequestEntity entity = request.entity();
        if (entity.isStrict() || request.getHeader("Expect").isPresent()) {
            return; // a client that expects 100 sends nothing before it
        }
        data(entity)
                .completionTimeout(DRAIN_TIME)
                .limitWeighted(DRAIN, bytes -> (long) bytes.size())
                .runWith(Sink.ignore(), system)
                .exceptionally(failure -> null);
    }

    private static Source<ByteString, Object> data(RequestEntity entity) {
        return entity.withoutSizeLimit().getDataBytes();
    }

    private static Refusal tooLarge(int limit) {
        return Refusal.of(ProblemType.TOO_LARGE, "the body is larger than " + limit + " bytes");
    }

    private Refusal tooSlow() {
        return Refusal.of(
                ProblemType.REQUEST_TIMEOUT,
                "the body took longer than " + timeout.toSeconds() + " s to arrive, or came to a stop for "
                        + pace.stall().toSeconds() + " s");
    }

    /** The bytes so far, or the refusal that they ran into. */
    private static final class Gathering {
        private final int limit;
        private final Admission.Reservation reservation;
        private final HttpSettings.Connections pace;
        private final long begun = System.nanoTime();
        private long arrived;
        private byte[] bytes = new byte[0];
        private int length;
        private long dropped;
        private @Nullable Refusal refusal;

        Gathering(int limit, Admission.Reservation reservation, HttpSettings.Connections pace) {
            this.limit = limit;
            this.reservation = reservation;
            this.pace = pace;
        }

        Gathering add(ByteString chunk) {
            arrived += chunk.size();
            double late = (System.nanoTime() - begun - pace.stall().toNanos()) / 1e9;
            if (late > 0 && arrived < late * pace.leastRate()) {
                throw Refusal.of(
                        ProblemType.REQUEST_TIMEOUT,
                        "the body arrives at less than " + pace.leastRate() + " bytes a second");
            }
            if (refusal == null) {
                take(chunk);
            }
            if (refusal != null) {
                dropped += chunk.size();
                if (dropped > DRAIN) {
                    throw refusal;
                }
            }
            return this;
        }

        private void take(ByteString chunk) {
            if (length + (long) chunk.size() > limit) {
                refuse(tooLarge(limit));
                return;
            }
            try {
                reservation.grow(chunk.size());
            } catch (Refusal full) {
                refuse(full);
                return;
            }
            if (length + chunk.size() > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(length + chunk.size(), bytes.length * 2)));
            }
            chunk.copyToArray(bytes, length);
            length += chunk.size();
        }

        private void refuse(Refusal reason) {
            refusal = reason;
            bytes = new byte[0];
            length = 0;
            reservation.close();
        }

        byte[] bytes() {
            if (refusal != null) {
                throw refusal;
            }
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
    }
}
