package io.millrace.node.faults.checker;

/** One promise. */
interface Rule {
    /** Adds every breach that the facts prove, and no other. */
    void check(Facts facts, Findings findings);
}
