package io.millrace.node.telemetry;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Trace;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a line of the log is about, in fields of their own beside its text. Given with each line: what a node does wanders
 * from thread to thread, so nothing that is bound to a thread (MDC) would be right.
 *
 * <p>The text says all that a person needs: under {@code millrace dev} the fields aren't shown.
 */
public final class LogFields {
    public static final String BOT = "bot";
    public static final String QUEUE = "queue";
    public static final String EID = "eid";
    public static final String RUN = "run";

    /** The trace id (W3C, 32 hexadecimal digits) of the event that the line is about. */
    public static final String TRACE = "trace";

    private LogFields() {}

    /** The fields of a run. */
    public static LoggingEventBuilder run(LoggingEventBuilder line, String bot, String run) {
        return line.addKeyValue(BOT, bot).addKeyValue(RUN, run);
    }

    /** The fields of an event, with its trace if it has one. */
    public static LoggingEventBuilder event(LoggingEventBuilder line, Event event) {
        Trace trace = event.trace();
        LoggingEventBuilder placed = place(line, event.queue(), event.eid());
        return trace == null ? placed : placed.addKeyValue(TRACE, trace.id());
    }

    /** The fields of a place in a queue. */
    public static LoggingEventBuilder place(LoggingEventBuilder line, String queue, EventId eid) {
        return line.addKeyValue(QUEUE, queue).addKeyValue(EID, eid.toString());
    }

    /** A warning about the log of an entity, by the log's name: its kind, {@code bot} or {@code queue}, a bar, and its name. */
    public static LoggingEventBuilder warnOfLog(Logger logger, String log) {
        LoggingEventBuilder line = logger.atWarn();
        int bar = log.indexOf('|');
        return bar < 0 ? line : line.addKeyValue(log.substring(0, bar), log.substring(bar + 1));
    }
}
