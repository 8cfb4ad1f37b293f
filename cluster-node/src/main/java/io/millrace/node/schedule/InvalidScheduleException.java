package io.millrace.node.schedule;

/** A schedule that can't be: says which field of the registration is at fault, and why in words for a person. */
public final class InvalidScheduleException extends Exception {
    private static final long serialVersionUID = 1;

    private final String pointer;

    InvalidScheduleException(String pointer, String detail) {
        super(detail);
        this.pointer = pointer;
    }

    /** {@return the JSON pointer of the field at fault} */
    public String pointer() {
        return pointer;
    }

    /** {@return what is wrong with it} */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
