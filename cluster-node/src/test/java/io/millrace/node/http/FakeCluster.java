package io.millrace.node.http;

import io.millrace.node.application.ClusterView;
import io.millrace.node.application.Outcome;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.ClusterInfo;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One node, where all queues live; nobody can tell where bots do. */
final class FakeCluster implements ClusterView {
    private static final List<ClusterInfo.Member> MEMBERS =
            List.of(new ClusterInfo.Member("pekko://m@a:1", "a", "http://a:80", "up", true, true, false));

    @Override
    public CompletionStage<Outcome<ClusterInfo>> members() {
        return CompletableFuture.completedStage(Outcome.done(new ClusterInfo(MEMBERS, null)));
    }

    @Override
    public CompletionStage<Outcome<ClusterInfo>> locate(QueueName queue) {
        return CompletableFuture.completedStage(Outcome.done(
                new ClusterInfo(MEMBERS, new ClusterInfo.Entity("queue", queue.value(), "7", "pekko://m@a:1"))));
    }

    @Override
    public CompletionStage<Outcome<ClusterInfo>> locate(BotId bot) {
        return CompletableFuture.completedStage(Outcome.refused(ProblemType.UNAVAILABLE, "can't be told"));
    }
}
