package io.millrace.client.fake;

import java.util.Arrays;

/** What happens to one request on its way. */
public enum Fault {
    NONE,
    /** The connection breaks before the node has done anything. */
    CUT_BEFORE,
    /** The node does it, then the connection breaks. */
    CUT_AFTER,
    /** The node does it, and says that it doesn't know. */
    UNKNOWN_DONE,
    /** The node does nothing, and says that it doesn't know. */
    UNKNOWN_NOT_DONE,
    /** 429. */
    BUSY,
    /** 503. */
    UNAVAILABLE,
    /** The node takes its time. */
    SLOW,
    /** The node never answers. */
    HANG;

    /** Those that another attempt may get over at once. */
    public static Fault[] passing() {
        return Arrays.stream(values()).filter(fault -> fault != HANG).toArray(Fault[]::new);
    }
}
