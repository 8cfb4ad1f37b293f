package io.millrace.protocol.event;

import io.millrace.protocol.json.TextCheck;

/** What must hold of a whole body before a parser looks at it. */
public final class JsonText {
    private JsonText() {}

    /**
     * Checks what {@link TextCheck} tells of.
     *
     * @throws InvalidEventsException naming the line
     */
    public static void check(byte[] json) {
        TextCheck.Fault fault = TextCheck.fault(json);
        if (fault != null) {
            throw InvalidEventsException.at(fault.line(), null, fault.detail());
        }
    }
}
