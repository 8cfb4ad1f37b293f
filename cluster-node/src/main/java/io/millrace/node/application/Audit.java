package io.millrace.node.application;

/** The record of who did what. May be given anything as text: it is made safe for a line of a log. */
public interface Audit {
    /** Of a node that writes nothing down. */
    Audit NONE = note -> {};

    /** Writes down what somebody changed or was refused. Never fails, never waits. */
    void note(Note note);

    /** Whether a status says that the caller may not do that, or isn't known. */
    static boolean isRefusal(int status) {
        return status == 401 || status == 403;
    }

    /**
     * One call.
     *
     * @param caller its {@link Caller#id}
     * @param action the method and the path as openapi.yaml has it
     * @param target the names in the path, or what the call was about
     * @param status of the answer; 401 and 403 are refusals
     * @param remote the address that the call came from, as far as it is known
     */
    record Note(String caller, String action, String target, int status, String remote) {
        /** Whether the caller may not do that, or isn't known. */
        public boolean isRefusal() {
            return Audit.isRefusal(status);
        }
    }
}
