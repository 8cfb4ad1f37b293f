package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it may be shown ({@code /v1/keys}).
 *
 * @param key names it; is no secret
 * @param name whose it is, or what for; keys that replace one another share it
 * @param grants what it may do, as {@code read:orders-*}
 * @param createdAt when
 * @param createdBy who made it
 * @param expiresAt from when on it is refused
 * @param revokedAt since when it is refused before that; absent if it isn't
 * @param secret what callers send as {@code Authorization: Bearer}; only in the answer to who made it, and nowhere again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApiKey(
        String key,
        String name,
        List<String> grants,
        Instant createdAt,
        String createdBy,
        Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable String secret) {

    /** Without the secret, which must not get into a log. */
    @Override
    public String toString() {
        return "ApiKey[" + key + "]";
    }

    /**
     * Asks for a key.
     *
     * @param name 1 to 100 characters as a queue's; at most two keys of a name are valid at a time
     * @param grants 1 to 64
     * @param expiresAt at most five years ahead, a year by default
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Request(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String name,

            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL, contentNulls = Nulls.FAIL)
            List<String> grants,

            @Nullable Instant expiresAt) {}

    /** All keys by name and age, also those that aren't valid any more, for 90 days. */
    public record Listing(List<ApiKey> keys) {}
}
