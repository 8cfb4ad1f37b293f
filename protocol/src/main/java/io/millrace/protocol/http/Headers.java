package io.millrace.protocol.http;

/** The header fields of Millrace. */
public final class Headers {
    /** The bot that writes; becomes the events' {@code id}. */
    public static final String BOT = "Millrace-Bot";

    /** Who numbers this append, see {@link #SEQUENCE}. */
    public static final String PRODUCER = "Millrace-Producer";

    /** The append's number, from 1 up by one a request; a number already taken answers what it answered first. */
    public static final String SEQUENCE = "Millrace-Sequence";

    /** The token of the run that this is done for. */
    public static final String RUN = "Millrace-Run";

    /** In answers to a read: where the next one should begin. */
    public static final String NEXT = "Millrace-Next";

    /**
     * In answers to a read: the oldest event that is kept, where retention has removed what would have been read next. What
     * lies between the position and this is gone.
     */
    public static final String SKIPPED_TO = "Millrace-Skipped-To";

    private Headers() {}
}
