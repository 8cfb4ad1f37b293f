package io.millrace.client;

/** The bus has ended the run because of an event that fails; it comes again in another run, or not at all. */
final class RunOverException extends Exception {
    private static final long serialVersionUID = 1L;

    RunOverException(String message, Throwable cause) {
        super(message, cause);
    }
}
