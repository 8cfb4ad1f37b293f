package io.millrace.client;

import io.millrace.client.internal.Backoff;
import io.millrace.client.internal.Transport;
import io.millrace.client.internal.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Builds a client. Defaults stand with each method. Not thread-safe. */
public final class MillraceBuilder {
    /** The environment variable with what proves who calls, where the program doesn't say. */
    private static final String TOKEN = "MILLRACE_TOKEN";

    /** The environment variable with the file of {@link #authorities}, where the program doesn't say. */
    private static final String AUTHORITIES = "MILLRACE_AUTHORITIES";

    private static final int MOST_NODES = 100;

    private final List<URI> nodes;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration attemptTimeout = Duration.ofSeconds(10);
    private Duration deadline = Duration.ofSeconds(30);
    private Duration closeTimeout = Duration.ofSeconds(30);
    private @Nullable SSLContext tls;
    private Supplier<@Nullable String> token = () -> System.getenv(TOKEN);

    MillraceBuilder(List<URI> nodes) {
        Check.range("nodes", nodes.size(), 1, MOST_NODES);
        this.nodes = nodes.stream().map(MillraceBuilder::address).distinct().toList();
    }

    private static URI address(URI uri) {
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("a node's address looks like http://host:8080");
        }
        String text = uri.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
    }

    /** For one connection to come about; default 5 s. */
    public MillraceBuilder connectTimeout(Duration time) {
        connectTimeout = Check.positive("connectTimeout", time);
        return this;
    }

    /** For one attempt, its answer included; a long poll's wait comes on top. Default 10 s. */
    public MillraceBuilder attemptTimeout(Duration time) {
        attemptTimeout = Check.positive("attemptTimeout", time);
        return this;
    }

    /** For one operation with all its attempts; default 30 s. Loaders have a deadline of their own. */
    public MillraceBuilder deadline(Duration time) {
        deadline = Check.positive("deadline", time);
        return this;
    }

    /** For {@link Millrace#close} to drain loaders and stop workers; default 30 s. */
    public MillraceBuilder closeTimeout(Duration time) {
        closeTimeout = Check.positive("closeTimeout", time);
        return this;
    }

    /** An API key, or a token, that proves who calls; default what {@code MILLRACE_TOKEN} in the environment has, if anything. */
    public MillraceBuilder token(String keyOrToken) {
        return token(() -> keyOrToken);
    }

    /** As {@link #token(String)}, asked for each request: for tokens that expire. It must not block; null sends none. */
    public MillraceBuilder token(Supplier<@Nullable String> keyOrToken) {
        token = keyOrToken;
        return this;
    }

    /**
     * Whose certificates of nodes are believed where addresses begin with {@code https}: one or more in PEM, read at once. A
     * node's certificate must name the host of its address. Default: the file that {@code MILLRACE_AUTHORITIES} in the
     * environment names, else the authorities that come with Java.
     *
     * @throws IllegalArgumentException if the file can't be read, or has no certificates in it
     */
    public MillraceBuilder authorities(Path pem) {
        tls = Trust.in(pem);
        return this;
    }

    /** TLS that is made elsewhere, as where nodes (or a proxy before them) ask for a certificate of the client. */
    public MillraceBuilder tls(SSLContext context) {
        tls = context;
        return this;
    }

    private @Nullable SSLContext trusted() {
        String file = System.getenv(AUTHORITIES);
        return tls != null || file == null ? tls : Trust.in(Path.of(file));
    }

    /** A client; nothing is sent before its first operation. */
    public Millrace build() {
        return new Millrace(
                new Connection(
                        new Transport(nodes, connectTimeout, attemptTimeout, Backoff.DEFAULT, token, trusted()),
                        deadline),
                closeTimeout);
    }
}
