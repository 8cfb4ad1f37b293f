package io.millrace.node.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;

/** Reads PEM. Errors name the file, and never say what is in it. */
final class Pem {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?)PRIVATE KEY-----[A-Za-z0-9+/=\\s]+-----END \\1PRIVATE KEY-----");

    /** A chain, or a bundle of authorities: the largest in use (Mozilla's) has 220 KB. */
    private static final long MOST_BYTES = 1 << 20;

    private Pem() {}

    /** At least one. */
    static List<X509Certificate> certificates(Path file) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(file + " has no certificate in it");
            }
            return found;
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalArgumentException(file + " is no certificate in PEM", unreadable);
        }
    }

    /** The key of a certificate: PKCS #8, or PKCS #1 (RSA). */
    static PrivateKey key(Path file, X509Certificate certificate) {
        Matcher key = KEY.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
        if (!key.find()) {
            throw new IllegalArgumentException(file + " has no private key in PEM in it");
        }
        switch (key.group(1)) {
            case "ENCRYPTED " ->
                throw new IllegalArgumentException(
                        file + " is encrypted; protect it by the rights of the file instead");
            case "EC " ->
                throw new IllegalArgumentException(
                        file + " is in the form SEC 1; \"openssl pkcs8 -topk8 -nocrypt\" makes PKCS #8 of it");
            default -> {}
        }
        PublicKey other = certificate.getPublicKey();
        PrivateKey found;
        try {
            PEMDecoder.DERData content = PEMDecoder.decode(key.group());
            found = key.group(1).isEmpty()
                    ? KeyFactory.getInstance(other.getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(content.bytes()))
                    : DERPrivateKeyLoader.load(content);
        } catch (GeneralSecurityException | RuntimeException unreadable) { // not told of: it may say what it has read
            throw new IllegalArgumentException(
                    file + " is no " + other.getAlgorithm() + " key, as its certificate asks for");
        }
        if (!areAPair(found, other)) {
            throw new IllegalArgumentException(file + " is not the key of its certificate");
        }
        return found;
    }

    /** Java takes any two; the handshakes would fail. */
    private static boolean areAPair(PrivateKey key, PublicKey other) {
        String name = switch (other.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        byte[] sample = "a key and its certificate".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(name);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(file + " is larger than 1 MiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " can't be read", unreadable);
        }
    }
}
