package io.millrace.node.application;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Whether this node can serve. */
public interface Health {
    /** What keeps it from serving, one short phrase each; empty when it is ready. Answers within 2 s. */
    CompletionStage<List<String>> obstacles();
}
