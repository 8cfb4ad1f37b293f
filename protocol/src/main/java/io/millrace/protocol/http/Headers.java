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

    /** In calls of webhooks: the run's id; it isn't the run's token. */
    public static final String RUN_ID = "Millrace-Run-Id";

    /** In calls of webhooks: the run's epoch, a fencing token. */
    public static final String EPOCH = "Millrace-Epoch";

    /** In calls of webhooks of a bot with lanes: which lane's events these are, from 0. */
    public static final String LANE = "Millrace-Lane";

    /** In calls of webhooks: when the run's lease ends, ISO-8601; effects on the bus after it are refused. */
    public static final String DEADLINE = "Millrace-Deadline";

    /** In calls of webhooks: the queue that the events stand in. */
    public static final String QUEUE = "Millrace-Queue";

    /** Of Standard Webhooks: names a batch, the same whenever the same batch is sent again. */
    public static final String WEBHOOK_ID = "webhook-id";

    /** Of Standard Webhooks: when it is sent, s since the epoch. */
    public static final String WEBHOOK_TIMESTAMP = "webhook-timestamp";

    /** Of Standard Webhooks: one signature for each secret, with spaces between. */
    public static final String WEBHOOK_SIGNATURE = "webhook-signature";

    /** W3C Trace Context: of an append, the trace of its events; in calls of webhooks, that of all its events if it is one. */
    public static final String TRACEPARENT = "traceparent";

    /** Goes with {@link #TRACEPARENT}. */
    public static final String TRACESTATE = "tracestate";

    private Headers() {}
}
