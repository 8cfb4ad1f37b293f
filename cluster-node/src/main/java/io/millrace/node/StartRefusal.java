package io.millrace.node;

/** A start that can't be: the exit code for scripts, and one line for people. */
final class StartRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final String line;

    StartRefusal(ExitCode exit, String line) {
        super(line);
        this.exit = exit;
        this.line = line;
    }

    ExitCode exit() {
        return exit;
    }

    String line() {
        return line;
    }
}
