package io.millrace.node.run;

/** The handler wants its bot to rest until somebody resumes it; the message says why. */
public final class PauseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason for people */
    public PauseException(String reason) {
        super(reason);
    }
}
