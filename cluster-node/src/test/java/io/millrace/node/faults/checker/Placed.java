package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Operation;

/** An operation and its line. */
record Placed<T extends Operation>(long place, T operation) {
    Call call() {
        return operation.call();
    }
}
