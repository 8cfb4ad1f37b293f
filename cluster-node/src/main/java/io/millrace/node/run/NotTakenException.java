package io.millrace.node.run;

/**
 * The handler is not there, or takes no events whatever they are: none of them is to blame, and the run ends in error. The
 * message is for users.
 */
public class NotTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param why for users */
    public NotTakenException(String why) {
        super(why);
    }
}
