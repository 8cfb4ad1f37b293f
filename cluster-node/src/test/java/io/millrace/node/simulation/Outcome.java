package io.millrace.node.simulation;

import io.millrace.protocol.Problem;
import io.millrace.protocol.http.AppendResult;

/** What a queue answers to an append. */
public sealed interface Outcome {
    record Taken(AppendResult result) implements Outcome {}

    record Refused(Problem problem) implements Outcome {}
}
