package io.millrace.client.internal;

import io.millrace.protocol.Problem;
import java.net.http.HttpHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node answered.
 *
 * @param status the HTTP status
 * @param headers its headers
 * @param body its body, decoded by nobody yet
 * @param uncertain whether an earlier attempt may have had its effect without us hearing of it
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Answer(int status, HttpHeaders headers, byte[] body, boolean uncertain) {
    public boolean isOk() {
        return status >= 200 && status < 300;
    }

    /** A header's first value. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The problem document, or null where the body is none. */
    public @Nullable Problem problem() {
        if (isOk() || body.length == 0) {
            return null;
        }
        try {
            return Wire.read(body, Problem.class);
        } catch (IllegalArgumentException e) {
            return null; // a proxy's page, perhaps: the status alone tells
        }
    }
}
