package io.millrace.node.faults.checker;

/** A forgery of a good history. */
interface Forgery {
    /** The name under which the checker has to find it. */
    Kind found();

    /** False if this history has no place for it. */
    boolean apply(Edit edit);
}
