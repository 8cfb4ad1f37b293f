package io.millrace.node.run;

/** Ends a run's stream behind what is done, because an event was found that can't be passed without asking. */
final class FoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FoundException() {
        super("an event failed alone", null, false, false);
    }
}
