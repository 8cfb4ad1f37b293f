package io.millrace.node.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An API key as its owner has it: {@code mr_<id>_<secret>}, the id 8 random bytes, the secret 32, both in hexadecimal digits.
 *
 * @param id names the key, is no secret
 * @param text the whole key: shown once, when it is made, and never kept
 */
record KeyText(String id, String text) {
    static final String PREFIX = "mr_";

    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final Pattern SYNTAX =
            Pattern.compile(PREFIX + "[0-9a-f]{" + 2 * ID_BYTES + "}_[0-9a-f]{" + 2 * SECRET_BYTES + "}");

    /** A new one. */
    static KeyText make(SecureRandom random) {
        String id = hex(random, ID_BYTES);
        return new KeyText(id, PREFIX + id + "_" + hex(random, SECRET_BYTES));
    }

    /** What has the form of a key; empty for all else, without a look at any store. */
    static Optional<KeyText> parse(String text) {
        return SYNTAX.matcher(text).matches()
                ? Optional.of(new KeyText(text.substring(PREFIX.length(), PREFIX.length() + 2 * ID_BYTES), text))
                : Optional.empty();
    }

    /**
     * What is stored of it. One round of SHA-256 without salt is enough: slow hashes make up for passwords that can be guessed,
     * and nobody guesses one of 2^256 secrets, or finds two with the same one. A slow hash would only let anybody keep the node
     * busy with keys of his own invention.
     */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Without the secret: this must not get into a log. */
    @Override
    public String toString() {
        return PREFIX + id;
    }

    private static String hex(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
