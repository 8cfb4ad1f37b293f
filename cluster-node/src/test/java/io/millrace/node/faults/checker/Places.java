package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Located;

/** Lines of files as longs. */
final class Places {
    private final Names files = new Names();

    long of(Located line) {
        return ((long) files.number(line.file()) << 32) | line.line();
    }
}
