package io.millrace.node.run;

/** Ends a run's stream behind what is done, because an event was found that can't be passed without asking. */
final class FoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Finding finding;

    FoundException(Finding finding) {
        super("an event can't be passed without asking", null, false, false);
        this.finding = finding;
    }

    Finding finding() {
        return finding;
    }
}
