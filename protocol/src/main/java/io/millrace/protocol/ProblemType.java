package io.millrace.protocol;

import java.util.Locale;

/** Every kind of problem that a node answers; the urn of one is {@code urn:millrace:problem:<slug>}. */
public enum ProblemType {
    BAD_REQUEST(400, "The request is malformed", false),
    INVALID_NAME(400, "The name is not allowed", false),
    INVALID_POSITION(400, "The position is not an event id or a prefix of one", false),
    INVALID_EVENT(400, "An event can't be taken", false),
    INVALID_BLOCK(400, "The block is corrupt", false),
    UNAUTHENTICATED(401, "A valid key or token is needed", false),
    FORBIDDEN(403, "The caller may not do this", false),
    NOT_FOUND(404, "There is no such thing", false),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", false),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be given", false),
    REQUEST_TIMEOUT(408, "The request took too long to arrive", true),
    STALE_RUN(409, "The run has ended or was replaced", false),
    OVERLAP(409, "What is emitted again goes over the edge of what was emitted before", false),
    SEQUENCE_GAP(409, "Earlier sequences of this producer are missing", true),
    SEQUENCE_CONFLICT(409, "The sequence was taken with other content", false),
    QUEUE_ARCHIVED(409, "The queue is archived", false),
    QUEUE_PAUSED(409, "The queue is paused", true),
    BOT_ARCHIVED(409, "The bot is archived", false),
    CHECKPOINT_BACKWARDS(409, "A checkpoint may not move backwards", false),
    CONFLICT(409, "The state of the thing doesn't allow it", false),
    PRECONDITION_FAILED(412, "The entity tag doesn't match", false),
    TOO_LARGE(413, "The content is too large", false),
    URI_TOO_LONG(414, "The URI is too long", false),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type or encoding is not supported", false),
    UNPROCESSABLE(422, "The content can't be worked with", false),
    TOO_MANY_REQUESTS(429, "Too much is waiting already", true),
    RATE_LIMITED(429, "The caller has used up its share", true),
    QUOTA_EXCEEDED(429, "There are as many of these as there may be", false),
    HEADERS_TOO_LARGE(431, "The header fields are too large", false),
    INTERNAL(500, "The node failed", true),
    UNAVAILABLE(503, "The storage or the owner can't be reached", true),
    UNKNOWN_OUTCOME(503, "It is not known whether the append was done", true);

    private final int status;
    private final String title;
    private final boolean retryable;

    ProblemType(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    /** {@code urn:millrace:problem:<slug>}. */
    public String urn() {
        return "urn:millrace:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public boolean isRetryable() {
        return retryable;
    }
}
