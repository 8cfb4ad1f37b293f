package io.millrace.node.http;

import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/** One request as a route sees it: the names in its path, its parameters, its header fields. */
final class Exchange {
    private final HttpRequest request;
    private final List<String> names;
    private final Query query;
    private CompletionStage<?> gone = new CompletableFuture<>();
    private boolean bodyTaken;

    Exchange(HttpRequest request, List<String> names, Query query) {
        this.request = request;
        this.names = names;
        this.query = query;
    }

    /** Tells when the client's connection ends. */
    Exchange goneWhen(CompletionStage<?> connectionEnds) {
        gone = connectionEnds;
        return this;
    }

    /** Completes, in whatever way, when the client is gone; perhaps long after it has its answer. */
    CompletionStage<?> gone() {
        return gone;
    }

    HttpRequest request() {
        return request;
    }

    Query query() {
        return query;
    }

    /** The n-th name in the path as it stands. */
    String name(int n) {
        return names.get(n);
    }

    QueueName queue() {
        return named(name(0), QueueName::new);
    }

    BotId bot() {
        return named(name(0), BotId::new);
    }

    /** @throws Refusal if the name breaks the rule */
    static <T> T named(String text, Function<String, T> type) {
        try {
            return type.apply(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.of(ProblemType.INVALID_NAME, String.valueOf(e.getMessage()));
        }
    }

    /** A header field's value, or null; refuses one that stands twice. */
    @Nullable
    String header(String name) {
        String value = null;
        for (HttpHeader header : request.getHeaders()) {
            if (header.name().equalsIgnoreCase(name)) {
                if (value != null) {
                    throw Query.malformed(name, "given more than once");
                }
                value = header.value();
            }
        }
        return value;
    }

    /** All values of a header field, in order. */
    List<String> headers(String name) {
        List<String> values = new ArrayList<>(1);
        for (HttpHeader header : request.getHeaders()) {
            if (header.name().equalsIgnoreCase(name)) {
                values.add(header.value());
            }
        }
        return values;
    }

    /** One entity tag, or null. */
    @Nullable
    String ifMatch() {
        String tag = header("If-Match");
        if (tag != null && !tag.matches("\"[\\x21\\x23-\\x7e]{0,200}\"")) {
            throw Query.malformed("If-Match", "takes one strong entity tag, as \"1\"");
        }
        return tag;
    }

    /** To be called by whoever reads the body: what nobody reads is drained after the answer. */
    void takeBody() {
        bodyTaken = true;
    }

    /** The body stays unread after all. */
    void leaveBody() {
        bodyTaken = false;
    }

    boolean isBodyTaken() {
        return bodyTaken;
    }
}
