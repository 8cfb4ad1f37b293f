package io.millrace.protocol.http;

/** The media types that a node takes and gives. */
public final class MediaTypes {
    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";
    public static final String BLOCK = "application/vnd.millrace.block";
    public static final String EVENT_STREAM = "text/event-stream";

    private MediaTypes() {}
}
