package io.millrace.node.tls;

import io.millrace.node.settings.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS by files that may be replaced at any time: connections that begin later have the new ones. Nothing watches the files;
 * whoever begins a connection looks at their times, at most every {@link #LOOK_EVERY}, so that no thread or timer is needed.
 * Files that don't fit each other, as in the middle of a replacement, are told of in the log, and the old ones go on.
 */
public final class Tls {
    /** Kubernetes takes up to a minute to bring a new secret anyhow. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /** The newest versions of TLS, the newest first. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** All of them with forward secrecy and authenticated encryption: nothing else is left in TLS 1.3, and these in 1.2. */
    private static final String[] SUITES = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    };

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private final TlsFiles files;
    private final String[] protocols;
    private final LongSupplier nanos;
    private final AtomicLong lookedAt;
    private volatile State state;

    /** What was read last, from files that looked so. */
    private record State(SSLContext context, @Nullable Instant expires, String looks) {}

    /**
     * Reads the files.
     *
     * @param protocols some of {@link #PROTOCOLS}
     * @throws IllegalArgumentException naming the file that can't be used
     */
    public Tls(TlsFiles files, List<String> protocols) {
        this(files, protocols, System::nanoTime);
    }

    Tls(TlsFiles files, List<String> protocols, LongSupplier nanos) {
        this.files = files;
        this.protocols = protocols.toArray(String[]::new);
        this.nanos = nanos;
        this.lookedAt = new AtomicLong(nanos.getAsLong());
        this.state = read(looks());
    }

    /** One end of a connection, that of the server. It asks for no certificate of the client. */
    public SSLEngine server() {
        SSLEngine engine = current().context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters();
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** One end of a connection, that of the client, who insists on the server's name being in its certificate. */
    public SSLEngine client(String host, int port) {
        SSLEngine engine = current().context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Until when one's own certificate is valid; empty without one. */
    public Optional<Instant> expires() {
        return Optional.ofNullable(current().expires());
    }

    private SSLParameters parameters() {
        return new SSLParameters(SUITES, protocols);
    }

    private State current() {
        long now = nanos.getAsLong();
        long last = lookedAt.get();
        if (now - last >= LOOK_EVERY.toNanos() && lookedAt.compareAndSet(last, now)) {
            String looks = looks();
            if (!looks.equals(state.looks())) {
                replace(looks);
            }
        }
        return state;
    }

    private void replace(String looks) {
        try {
            state = read(looks);
            LOG.info("took new certificates from {}", names());
        } catch (IllegalArgumentException unfit) {
            LOG.warn("goes on with the old certificates: {}", unfit.getMessage());
            state = new State(state.context(), state.expires(), looks);
        }
    }

    private State read(String looks) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            List<X509Certificate> chain =
                    files.certificate() == null ? List.of() : Pem.certificates(files.certificate());
            context.init(keys(chain), authorities(), null);
            return new State(
                    context,
                    chain.stream()
                            .map(certificate -> certificate.getNotAfter().toInstant())
                            .min(Instant::compareTo)
                            .orElse(null),
                    looks);
        } catch (GeneralSecurityException | IOException unfit) {
            throw new IllegalArgumentException("no TLS can be made of " + names(), unfit);
        }
    }

    private KeyManager @Nullable [] keys(List<X509Certificate> chain) throws GeneralSecurityException, IOException {
        if (files.key() == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] none = new char[0];
        store.setKeyEntry("own", Pem.key(files.key(), chain.get(0)), none, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, none);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] authorities() throws GeneralSecurityException, IOException {
        if (files.authorities() == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (X509Certificate authority : Pem.certificates(files.authorities())) {
            store.setCertificateEntry("authority-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** A secret that is replaced is another file behind the same link. */
    private String looks() {
        return paths().map(Tls::look).collect(Collectors.joining(" "));
    }

    private static String look(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return found.lastModifiedTime() + "/" + found.size() + "/" + found.fileKey();
        } catch (IOException away) {
            return "away";
        }
    }

    private String names() {
        return paths().map(Path::toString).collect(Collectors.joining(", "));
    }

    private Stream<Path> paths() {
        return Stream.of(files.certificate(), files.key(), files.authorities()).filter(Objects::nonNull);
    }
}
