package io.millrace.k8s;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What {@code certificates.sh} makes, as an operator runs it. */
record Certificates(Path directory) {
    /** @param addresses that clients use beside the names of the service */
    static Certificates make(Path directory, List<String> addresses) throws IOException, InterruptedException {
        assumeTrue(Command.isThere("openssl", "version"), "SKIPPED: there is no openssl on the PATH");
        List<String> command = new ArrayList<>(
                List.of(Path.of("certificates.sh").toAbsolutePath().toString(), directory.toString(), "millrace"));
        addresses.forEach(address -> command.add("IP:" + address));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(output);
        }
        // The kubelet lets the pod's group read them; here everybody may.
        for (String file : List.of(
                "http",
                "http/tls.crt",
                "http/tls.key",
                "http/ca.crt",
                "remoting",
                "remoting/tls.crt",
                "remoting/tls.key",
                "remoting/ca.crt",
                ".")) {
            Path path = directory.resolve(file);
            if (!path.toFile().setReadable(true, false)
                    || (Files.isDirectory(path) && !path.toFile().setExecutable(true, false))) {
                throw new IOException("can't open " + path);
            }
        }
        return new Certificates(directory);
    }

    /** By the names that production mounts them by; Cassandra's is any. */
    Map<String, Path> secrets() {
        return Map.of(
                "millrace-http-tls", directory.resolve("http"),
                "millrace-remoting-tls", directory.resolve("remoting"),
                "millrace-cassandra-tls", directory.resolve("http"));
    }

    /** What a client that believes the authority of the bus speaks with. */
    SSLContext client() throws IOException, GeneralSecurityException {
        KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
        believed.load(null, null);
        try (InputStream authority = Files.newInputStream(directory.resolve("http/ca.crt"))) {
            believed.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(authority));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(believed);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
