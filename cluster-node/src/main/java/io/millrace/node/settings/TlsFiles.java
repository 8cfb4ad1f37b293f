package io.millrace.node.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Files in PEM, as cert-manager and Kubernetes secrets have them ({@code tls.crt}, {@code tls.key}, {@code ca.crt}). At least
 * those that are named must be there when the settings are read; they may change later. What is in them is never shown.
 *
 * @param certificate one's own, with those between it and the authority's behind it; null where one shows none
 * @param key of the certificate, not encrypted; null where there is no certificate
 * @param authorities whose certificates are believed; null for those that come with Java
 */
public record TlsFiles(
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path authorities) {
    /** @throws IllegalArgumentException if there is a key without a certificate, or a certificate without a key */
    public TlsFiles {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
        }
    }

    /**
     * As the longer form, once it is known that the files are there.
     *
     * @param section the key that the names stand below
     * @throws IllegalArgumentException naming the key at fault
     */
    static TlsFiles of(String section, @Nullable Path certificate, @Nullable Path key, @Nullable Path authorities) {
        readable(section + ".certificate", certificate);
        readable(section + ".key", key);
        readable(section + ".authorities", authorities);
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(section + " needs both, certificate and key, or none of them");
        }
        return new TlsFiles(certificate, key, authorities);
    }

    private static void readable(String key, @Nullable Path path) {
        if (path != null && (!Files.isRegularFile(path) || !Files.isReadable(path))) {
            throw new IllegalArgumentException(key + " must be a file that this process may read, not " + path);
        }
    }
}
