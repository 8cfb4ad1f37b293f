package io.millrace.node.faults.history;

/**
 * An operation and where it stands, for evidence.
 *
 * @param file the file's name in its directory
 * @param line from 1
 */
public record Located(String file, int line, Operation operation) {
    /** {@code file:line}. */
    public String place() {
        return file + ":" + line;
    }
}
