package io.millrace.node.http;

import io.millrace.node.application.Queues;
import io.millrace.node.filter.EventFilter;
import io.millrace.node.filter.InvalidFilterException;
import io.millrace.node.settings.HttpSettings;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.Headers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/queues/{queue}/events}. The first step of a read comes before its status, so that what is wrong is
 * answered as a problem and not as a stream that breaks off.
 *
 * <p>Answers that are gathered (JSON, blocks, and whatever is filtered) end after 8 MiB, filtered ones also after 100,000
 * events or 5 s of looking; {@code Millrace-Next} tells where to go on. Streams of NDJSON have it where they end at once.
 */
final class ReadRoute {
    private static final ByteString COMMENT = ByteString.fromString(":\n\n");

    private final Queues queues;
    private final Admission admission;
    private final Executor decoding;
    private final HttpSettings settings;

    ReadRoute(Queues queues, Admission admission, Executor decoding, HttpSettings settings) {
        this.queues = queues;
        this.admission = admission;
        this.decoding = decoding;
        this.settings = settings;
    }

    CompletionStage<HttpResponse> read(Exchange exchange) {
        ReadRequest request = ReadRequest.of(exchange, settings.readWait());
        String owner = exchange.caller().owner();
        admission.beginRead(owner);
        return filter(request.where())
                .thenCompose(filter -> {
                    ReadSession session = new ReadSession(queues, request, filter.orElse(null), decoding);
                    return request.gathers() ? gather(request, session) : stream(exchange, request, session);
                })
                .whenComplete((response, failure) -> admission.endRead(owner));
    }

    private CompletionStage<Optional<EventFilter>> filter(@Nullable String where) {
        if (where == null) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Optional.of(EventFilter.compile(where));
                    } catch (InvalidFilterException e) {
                        throw Refusal.field(ProblemType.BAD_REQUEST, "where", String.valueOf(e.getMessage()));
                    }
                },
                decoding);
    }

    private CompletionStage<HttpResponse> gather(ReadRequest request, ReadSession session) {
        return rest(session, ByteString.emptyByteString())
                .thenApply(gathered -> whole(
                        request,
                        session,
                        request.form() != EventForm.JSON
                                ? gathered
                                : ByteString.fromString("{\"events\":[")
                                        .concat(gathered)
                                        .concat(ByteString.fromString("],\"next\":\"" + session.position() + "\"}"))));
    }

    /** All pieces that are left, without a stream: its actor would cost more than a small page. */
    private static CompletionStage<ByteString> rest(ReadSession session, ByteString before) {
        ByteString gathered = before;
        CompletableFuture<Optional<ByteString>> next = session.next().toCompletableFuture();
        // A page may have thousands of pieces that are at hand: no step deeper for each of them.
        while (next.isDone() && !next.isCompletedExceptionally()) {
            Optional<ByteString> piece = next.getNow(Optional.empty());
            if (piece.isEmpty()) {
                return CompletableFuture.completedStage(gathered);
            }
            gathered = gathered.concat(piece.get());
            next = session.next().toCompletableFuture();
        }
        ByteString soFar = gathered;
        return next.thenCompose(piece ->
                piece.isEmpty() ? CompletableFuture.completedStage(soFar) : rest(session, soFar.concat(piece.get())));
    }

    private CompletionStage<HttpResponse> stream(Exchange exchange, ReadRequest request, ReadSession session) {
        return session.next().thenApply(first -> {
            ByteString piece = first.orElse(ByteString.emptyByteString());
            if (session.isDone() && !request.follows()) {
                return whole(request, session, piece);
            }
            Source<ByteString, NotUsed> pieces = Source.single(piece)
                    .concat(whileProven(exchange, pieces(session)))
                    .filter(ByteString::nonEmpty);
            Source<ByteString, NotUsed> alive =
                    request.follows() ? pieces.keepAlive(settings.keepAlive(), () -> COMMENT) : pieces;
            HttpResponse response = HttpResponse.create()
                    .withEntity(HttpEntities.createChunked(
                            request.form().contentType(),
                            counted(alive, exchange.caller().owner())));
            return told(
                    session,
                    request.follows() ? response.addHeader(RawHeader.create("Cache-Control", "no-store")) : response);
        });
    }

    private static HttpResponse whole(ReadRequest request, ReadSession session, ByteString content) {
        return told(
                session,
                HttpResponse.create()
                        .withEntity(HttpEntities.create(request.form().contentType(), content))
                        .addHeader(RawHeader.create(
                                Headers.NEXT, session.position().toString())));
    }

    private static HttpResponse told(ReadSession session, HttpResponse response) {
        EventId kept = session.skippedTo();
        return kept == null ? response : response.addHeader(RawHeader.create(Headers.SKIPPED_TO, kept.toString()));
    }

    /** Ends when the caller's key does. */
    private static Source<ByteString, NotUsed> whileProven(Exchange exchange, Source<ByteString, NotUsed> pieces) {
        return pieces.mapAsync(
                        1,
                        piece -> exchange.isStillProven()
                                .thenApply(proven -> proven ? Optional.of(piece) : Optional.<ByteString>empty()))
                .takeWhile(Optional::isPresent)
                .map(Optional::get);
    }

    /** One piece ahead of the client, so that storage is read while the network is busy. */
    private static Source<ByteString, NotUsed> pieces(ReadSession session) {
        return Source.unfoldAsync(
                        session, read -> read.next().thenApply(piece -> piece.map(bytes -> Pair.create(read, bytes))))
                .detach();
    }

    /** Counts the stream as a read under way from when somebody takes it until it ends, however it ends. */
    private Source<ByteString, NotUsed> counted(Source<ByteString, NotUsed> pieces, String owner) {
        return Source.lazySource(() -> {
                    admission.continueRead(owner);
                    return pieces.watchTermination((nothing, end) -> {
                        end.whenComplete((done, failure) -> admission.endRead(owner));
                        return nothing;
                    });
                })
                .mapMaterializedValue(nothing -> NotUsed.getInstance());
    }
}
