package io.millrace.node.log;

import java.util.concurrent.CompletionStage;

/** Tells whether who owns a log on this node is still its only owner. */
@FunctionalInterface
public interface LogOwnership {
    /** True if nobody else had claimed the log at some moment after this call; fails where the storage doesn't answer. */
    CompletionStage<Boolean> holds(String log);
}
