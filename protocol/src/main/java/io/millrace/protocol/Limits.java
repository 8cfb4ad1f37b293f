package io.millrace.protocol;

/** The limits that hold on the wire, for every client and every node. Sizes are bytes of decoded JSON. */
public final class Limits {
    /** One event's JSON line, 4 MiB. */
    public static final int EVENT_BYTES = 4 << 20;

    /** One append request after decoding, 16 MiB. */
    public static final int REQUEST_BYTES = 16 << 20;

    /** Events in one append request, and so in one block. */
    public static final int REQUEST_EVENTS = 100_000;

    /** How far ahead of the last accepted one a producer's sequence may be: the requests it may have in flight. */
    public static final int SEQUENCE_WINDOW = 16;

    /** Events that one read may ask for. */
    public static final int READ_EVENTS = 100_000;

    private Limits() {}
}
