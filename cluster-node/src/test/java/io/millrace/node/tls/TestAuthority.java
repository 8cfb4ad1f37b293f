package io.millrace.node.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** An authority that signs certificates, written by hand in DER: the JDK reads them but makes none. */
public final class TestAuthority {
    private static final byte[] RSA_SHA256 = sequence(oid(1, 2, 840, 113549, 1, 1, 11), new byte[] {5, 0});
    private static final byte[] ECDSA_SHA256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));

    private final String name;
    private final KeyPair keys;
    private final byte[] certificate;

    private TestAuthority(String name, KeyPair keys) {
        this.name = name;
        this.keys = keys;
        this.certificate = sign(name, keys, List.of(), Instant.now().plus(Duration.ofDays(1)), true);
    }

    /** Its keys are RSA, as Pekko's remoting asks for. */
    public static TestAuthority named(String name) {
        return new TestAuthority(name, keys("RSA"));
    }

    /** The kind of key: RSA or EC. */
    public static KeyPair keys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            switch (algorithm) {
                case "EC" -> generator.initialize(256);
                case "RSA" -> generator.initialize(2048);
                default -> {} // has one size
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A certificate for an hour, of a common name, for names and addresses. */
    public byte[] certify(String commonName, KeyPair subject, List<String> names) {
        return certify(commonName, subject, names, Instant.now().plus(Duration.ofHours(1)));
    }

    public byte[] certify(String commonName, KeyPair subject, List<String> names, Instant until) {
        return sign(commonName, subject, names, until, false);
    }

    /** The authority's own. */
    public byte[] certificate() {
        return certificate.clone();
    }

    /** Writes {@code tls.crt}, {@code tls.key} (PKCS #8) and {@code ca.crt} into a directory, each in one step. */
    public Path issue(Path directory, String commonName, List<String> names, Instant until) {
        KeyPair subject = keys("RSA");
        write(directory.resolve("tls.crt"), pem("CERTIFICATE", certify(commonName, subject, names, until)));
        write(
                directory.resolve("tls.key"),
                pem("PRIVATE KEY", subject.getPrivate().getEncoded()));
        write(directory.resolve("ca.crt"), pem("CERTIFICATE", certificate));
        return directory;
    }

    public Path issue(Path directory, String commonName, String... names) {
        return issue(directory, commonName, List.of(names), Instant.now().plus(Duration.ofHours(1)));
    }

    public static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    /** Replaces a file in one step, as a secret is. */
    public static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path fresh = Files.writeString(Files.createTempFile(file.getParent(), "new", ".pem"), text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] sign(String commonName, KeyPair subject, List<String> names, Instant until, boolean authority) {
        byte[] algorithm = algorithm(keys.getPrivate());
        byte[] extensions = authority
                ? extension(oid(2, 5, 29, 19), sequence(new byte[] {1, 1, -1}))
                : extension(oid(2, 5, 29, 17), alternatives(names));
        byte[] content = sequence(
                element(0xa0, new byte[] {2, 1, 2}),
                element(2, new BigInteger(64, ThreadLocalRandom.current()).toByteArray()),
                algorithm,
                name(name),
                sequence(time(Instant.now().minus(Duration.ofDays(2))), time(until)),
                name(commonName),
                subject.getPublic().getEncoded(),
                element(0xa3, sequence(extensions)));
        try {
            Signature signature = Signature.getInstance(algorithm == RSA_SHA256 ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            return sequence(content, algorithm, bits(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] algorithm(Key key) {
        return key.getAlgorithm().equals("RSA") ? RSA_SHA256 : ECDSA_SHA256;
    }

    private static byte[] extension(byte[] id, byte[] value) {
        return sequence(id, element(4, value));
    }

    private static byte[] alternatives(List<String> names) {
        List<byte[]> found = new ArrayList<>();
        for (String one : names) {
            found.add(
                    one.matches("[0-9.]+")
                            ? element(0x87, address(one))
                            : element(0x82, one.getBytes(StandardCharsets.US_ASCII)));
        }
        return sequence(found.toArray(byte[][]::new));
    }

    private static byte[] address(String text) {
        String[] parts = text.split("\\.");
        byte[] address = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    private static byte[] name(String commonName) {
        byte[] attribute = sequence(oid(2, 5, 4, 3), element(0x0c, commonName.getBytes(StandardCharsets.UTF_8)));
        return sequence(element(0x31, attribute));
    }

    private static byte[] time(Instant at) {
        return element(
                0x18,
                DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(at)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bits(byte[] content) {
        return element(3, new byte[1], content);
    }

    private static byte[] oid(int... arcs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arcs[i] >> shift != 0) {
                    out.write(0x80 | ((arcs[i] >> shift) & 0x7f));
                }
            }
            out.write(arcs[i] & 0x7f);
        }
        return element(6, out.toByteArray());
    }

    private static byte[] sequence(byte[]... parts) {
        return element(0x30, parts);
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length >= 0x100) {
            whole.write(0x82);
            whole.write(length >> 8);
        } else if (length >= 0x80) {
            whole.write(0x81);
        }
        whole.write(length);
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }
}
