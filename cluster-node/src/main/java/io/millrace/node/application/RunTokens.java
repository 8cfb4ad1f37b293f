package io.millrace.node.application;

import io.millrace.protocol.BotId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and reads the tokens that prove a run ({@code Millrace-Run}): the run's reference and its HMAC-SHA256, so that no
 * worker can make up an epoch.
 */
public final class RunTokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAX_LENGTH = 512;
    private static final int PARTS = 5;

    private final SecretKeySpec key;

    /** @param secret at least 16 bytes, the same on all nodes of a cluster */
    public RunTokens(byte[] secret) {
        if (secret.length < 16) {
            throw new IllegalArgumentException("the secret of run tokens needs 16 bytes or more");
        }
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    public String sign(RunRef run) {
        byte[] content = String.join(
                        "|",
                        run.bot().value(),
                        run.run(),
                        Long.toString(run.epoch()),
                        Long.toString(run.generation()),
                        Long.toString(run.deadline().toEpochMilli()))
                .getBytes(StandardCharsets.UTF_8);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(content) + "." + base64.encodeToString(mac(content));
    }

    /** The run that a token proves, or empty if this cluster didn't sign it. Says nothing about whether the run goes on. */
    public Optional<RunRef> read(String token) {
        int dot = token.indexOf('.');
        if (token.length() > MAX_LENGTH || dot < 0) {
            return Optional.empty();
        }
        try {
            byte[] content = Base64.getUrlDecoder().decode(token.substring(0, dot));
            byte[] mac = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            String[] parts = new String(content, StandardCharsets.UTF_8).split("\\|", -1);
            if (parts.length != PARTS || !MessageDigest.isEqual(mac, mac(content))) {
                return Optional.empty();
            }
            return Optional.of(new RunRef(
                    new BotId(parts[0]),
                    parts[1],
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Instant.ofEpochMilli(Long.parseLong(parts[4]))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] mac(byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
