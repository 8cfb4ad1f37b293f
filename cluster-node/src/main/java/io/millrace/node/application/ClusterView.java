package io.millrace.node.application;

import io.millrace.protocol.BotId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.ClusterInfo;
import java.util.concurrent.CompletionStage;

/** The cluster as this node sees it. Wakes nobody. */
public interface ClusterView {
    /** The members alone. */
    CompletionStage<Outcome<ClusterInfo>> members();

    /** The members, and where a queue of that name lives, or would; refused after 2 s when that can't be told. */
    CompletionStage<Outcome<ClusterInfo>> locate(QueueName queue);

    /** The members, and where a bot of that name lives, or would; refused after 2 s when that can't be told. */
    CompletionStage<Outcome<ClusterInfo>> locate(BotId bot);
}
