package io.millrace.node.security;

import io.millrace.node.application.Rights;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as the bus keeps it: enough to know it again, not enough to make it.
 *
 * @param id names it
 * @param hash of the whole key
 * @param name whose it is, or what for; keys that replace one another share it
 * @param rights what it may do
 * @param createdBy who made it
 * @param expires from when on it is refused
 * @param revoked since when it is refused before that, or null
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record StoredKey(
        String id,
        byte[] hash,
        String name,
        Rights rights,
        Instant created,
        String createdBy,
        Instant expires,
        @Nullable Instant revoked) {

    /** Whether it is taken at that time. */
    boolean isValid(Instant now) {
        return revoked == null && now.isBefore(expires);
    }

    /** Takes as long whatever is presented: how many bytes agree can't be measured. */
    boolean is(KeyText presented) {
        return MessageDigest.isEqual(hash, presented.hash());
    }

    StoredKey revoke(Instant now) {
        return new StoredKey(id, hash, name, rights, created, createdBy, expires, now);
    }

    @Override
    public String toString() {
        return KeyText.PREFIX + id;
    }
}
