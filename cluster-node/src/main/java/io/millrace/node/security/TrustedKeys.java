package io.millrace.node.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.millrace.node.application.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer, from a file that is looked at every second and read when it has changed. One that can't be read
 * leaves those before it in force, and is told. Safe for many threads.
 */
final class TrustedKeys {
    private static final Logger LOG = LoggerFactory.getLogger(TrustedKeys.class);
    private static final int LARGEST = 1 << 20;
    private static final int MOST = 100;
    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private final Path file;
    private final Ticker ticker;
    private volatile Held held;

    /** @param stamp when the file was written and how long it is */
    private record Held(Map<String, JWK> keys, Stamp stamp, long lookedAt, int reading) {}

    private record Stamp(FileTime time, long size) {
        static Stamp of(Path file) throws IOException {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        }
    }

    /** @throws IllegalArgumentException if the file can't be read, or has what doesn't belong there */
    TrustedKeys(Path file, Ticker ticker) {
        this.file = file;
        this.ticker = ticker;
        try {
            Stamp stamp = Stamp.of(file);
            held = new Held(read(file), stamp, ticker.millis(), 0);
        } catch (IOException e) {
            throw new IllegalArgumentException("millrace.security.jwt.jwks-file: " + file + " can't be read: " + e, e);
        }
    }

    /** The key of that {@code kid}, or null. */
    @Nullable
    JWK find(String kid) {
        return current().keys().get(kid);
    }

    /** Another number whenever the file was read: what was found good by the keys of before isn't by that. */
    int reading() {
        return current().reading();
    }

    private Held current() {
        Held now = held;
        if (ticker.millis() - now.lookedAt() < LOOK_AGAIN_MILLIS) {
            return now;
        }
        synchronized (this) {
            // A small local file, looked at once a second: that is less than handing it to another thread would cost.
            if (ticker.millis() - held.lookedAt() >= LOOK_AGAIN_MILLIS) {
                held = lookedAgain(held);
            }
            return held;
        }
    }

    private Held lookedAgain(Held before) {
        Stamp stamp = before.stamp();
        try {
            stamp = Stamp.of(file);
            if (!Objects.equals(stamp, before.stamp())) {
                Map<String, JWK> keys = read(file);
                LOG.info("read {} keys from {}", keys.size(), file);
                return new Held(keys, stamp, ticker.millis(), before.reading() + 1);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the keys in {} stay those of before: {}", file, e.getMessage());
        }
        return new Held(before.keys(), stamp, ticker.millis(), before.reading());
    }

    private static Map<String, JWK> read(Path file) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(LARGEST + 1);
        }
        if (content.length > LARGEST) {
            throw refused("is larger than 1 MiB");
        }
        JWKSet set;
        try {
            set = JWKSet.parse(new String(content, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw refused("is no JWK set");
        }
        if (set.getKeys().size() > MOST) {
            throw refused("has more than " + MOST + " keys");
        }
        Map<String, JWK> keys = new HashMap<>();
        for (JWK key : set.getKeys()) {
            if (key.isPrivate()) {
                throw refused("has a private or symmetric key, which must not be here");
            } else if (key.getKeyID() != null && keys.put(key.getKeyID(), key) != null) {
                throw refused("has two keys with one kid");
            }
        }
        return keys;
    }

    private static IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("millrace.security.jwt.jwks-file " + what);
    }
}
