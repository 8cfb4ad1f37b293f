package io.millrace.node.http;

import io.millrace.node.application.Caller;
import io.millrace.node.application.Scope;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/** One request as a route sees it: who asks, the names in its path, its parameters, its header fields. */
final class Exchange {
    /** With what a key may be trusted without being looked up, below the 5 s that a revocation may take. */
    private static final long PROOF_NANOS = 500_000_000;

    private final HttpRequest request;
    private final List<String> names;
    private final Query query;
    private final Caller caller;
    private CompletionStage<?> gone = new CompletableFuture<>();
    private boolean bodyTaken;
    private volatile String about;
    private Supplier<CompletionStage<Boolean>> proof = () -> CompletableFuture.completedStage(true);
    private long provenAt = System.nanoTime();

    Exchange(HttpRequest request, List<String> names, Query query, Caller caller) {
        this.request = request;
        this.names = names;
        this.query = query;
        this.caller = caller;
        this.about = String.join("/", names);
    }

    /** Tells how to find out whether the caller is still one. */
    Exchange provenBy(Supplier<CompletionStage<Boolean>> again) {
        proof = again;
        return this;
    }

    /**
     * Whether the caller's key or token is still good; asked in turn, by who goes on for long: a revocation that ends nothing
     * that has begun would be worth little.
     */
    CompletionStage<Boolean> isStillProven() {
        long now = System.nanoTime();
        if (now - provenAt < PROOF_NANOS) {
            return CompletableFuture.completedStage(true);
        }
        provenAt = now;
        return proof.get();
    }

    /** What the call is about, for the record: the names in its path until somebody knows better. */
    void about(String what) {
        about = what;
    }

    String about() {
        return about;
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

    Caller caller() {
        return caller;
    }

    /** Whom a ledger is told: who has proven it, with whom he names; what is only said counts where nobody proves anything. */
    @Nullable
    String by(@Nullable String said) {
        if (caller.kind() == Caller.Kind.LOCAL) {
            return said;
        }
        return said == null || said.isBlank() ? caller.id() : caller.id() + " (" + said + ")";
    }

    /** Whether the caller may do that with what has this name. */
    boolean may(Scope scope, String name) {
        return caller.rights().allow(scope, name);
    }

    /** @throws Refusal if the caller may not do that with what has this name; says nothing about whether there is such a thing */
    void require(Scope scope, String name) {
        if (!may(scope, name)) {
            throw forbidden(scope);
        }
    }

    /** @throws Refusal if the caller may not do that with everything */
    void requireAll(Scope scope) {
        if (!caller.rights().allowAll(scope)) {
            throw forbidden(scope);
        }
    }

    static Refusal forbidden(Scope scope) {
        return Refusal.of(
                ProblemType.FORBIDDEN,
                "the caller has no grant \"" + scope.word()
                        + "\" for this; it is the same whether or not there is such a thing");
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
