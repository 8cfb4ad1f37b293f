package io.millrace.node.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs calls as Standard Webhooks has it, once for each secret. */
final class Signer {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int MAX_SECRETS = 2;
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final List<byte[]> keys;

    private Signer(List<byte[]> keys) {
        this.keys = keys;
    }

    /**
     * Reads secrets as they are registered.
     *
     * @param secrets null if calls aren't signed
     * @return empty if they have another form
     */
    static Optional<Signer> of(@Nullable String secrets) {
        if (secrets == null) {
            return Optional.of(new Signer(List.of()));
        }
        List<byte[]> keys = new ArrayList<>();
        for (String secret : secrets.split(" ", -1)) {
            byte[] key = key(secret);
            if (key.length < SHORTEST || key.length > LONGEST) {
                return Optional.empty();
            }
            keys.add(key);
        }
        return keys.size() > MAX_SECRETS ? Optional.empty() : Optional.of(new Signer(keys));
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

    /** The signatures with spaces between; empty without a secret. */
    Optional<String> sign(String id, long timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(keys.stream().map(key -> sign(key, head, body)).collect(Collectors.joining(" ")));
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
