package io.millrace.node.run;

/** A run under way on this node. Both calls return at once and may be repeated. */
public interface RunHandle {
    /** Stop reading, finish what was read. */
    void stop();

    /** Stop at once; its epoch is closed, so nothing more of it would be taken. */
    void abort();
}
