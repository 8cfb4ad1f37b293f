package io.millrace.node;

/** A start that can't be: the exit code for scripts, and one line for people. */
final class DevRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final DevExit exit;
    private final String line;

    DevRefusal(DevExit exit, String line) {
        super(line);
        this.exit = exit;
        this.line = line;
    }

    DevExit exit() {
        return exit;
    }

    String line() {
        return line;
    }
}
