package io.millrace.protocol.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a webhook are signed with, as Standard Webhooks has it: {@code whsec_} and base64 of 24 to 64 bytes; while it
 * is changed two of these with a space between, and a signature for each.
 */
public final class WebhookSecrets {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int MAX_SECRETS = 2;
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final List<byte[]> keys;

    private WebhookSecrets(List<byte[]> keys) {
        this.keys = keys;
    }

    /**
     * Reads secrets as they are registered.
     *
     * @param secrets null if calls aren't signed
     * @return empty if they have another form
     */
    public static Optional<WebhookSecrets> of(@Nullable String secrets) {
        if (secrets == null) {
            return Optional.of(new WebhookSecrets(List.of()));
        }
        List<byte[]> keys = new ArrayList<>();
        for (String secret : secrets.split(" ", -1)) {
            byte[] key = key(secret);
            if (key.length < SHORTEST || key.length > LONGEST) {
                return Optional.empty();
            }
            keys.add(key);
        }
        return keys.size() > MAX_SECRETS ? Optional.empty() : Optional.of(new WebhookSecrets(keys));
    }

    private static byte[] key(String secret) {
        if (!secret.startsWith(PREFIX)) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /**
     * The signatures of a call, with spaces between; empty without a secret.
     *
     * @param timestamp when it is sent, s since the epoch
     */
    public Optional<String> sign(String id, long timestamp, byte[] body) {
        return keys.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", signatures(id, timestamp, body)));
    }

    /** Whether one of a call's signatures is one of these secrets'; the time it takes tells nothing of how they differ. */
    public boolean haveSigned(String signatures, String id, long timestamp, byte[] body) {
        boolean fits = false;
        for (String mine : signatures(id, timestamp, body)) {
            for (String given : signatures.split(" ", -1)) {
                fits |= MessageDigest.isEqual(
                        mine.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
            }
        }
        return fits;
    }

    private List<String> signatures(String id, long timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        return keys.stream().map(key -> sign(key, head, body)).toList();
    }

    private static String sign(byte[] key, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(head);
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
