package io.millrace.node.simulation;

/** A rule of design section 3 didn't hold. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Violation(String message) {
        super(message, null, false, false);
    }
}
