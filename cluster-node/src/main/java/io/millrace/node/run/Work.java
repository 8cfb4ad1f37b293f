package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.RunInfo;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/** Has one run's batches handled, one at a time and in order. */
interface Work {
    /**
     * What all kinds of it need.
     *
     * @param trials finds events that fail
     * @param ends where batches must end
     * @param clock what the run's deadline is held against
     */
    record Scene(RunRef run, RunInfo info, Trials trials, Ends ends, Clock clock) {}

    /** What comes of batches, from one beginning of the run up to the next. */
    Flow<Batch, Passage, NotUsed> flow();

    /** What comes of the one call in a run that reads nothing. */
    CompletionStage<Map<QueueName, List<Append>>> produce();

    /** Done when nothing is under way any more: then batches may be given from an earlier place on. */
    CompletionStage<?> again();

    /** The run is to end soon: nothing is waited for. */
    void stop();

    /** Breaks off what is under way, for good. */
    void end();

    /** Whether something was due at this time, ms since the epoch, and didn't come about. */
    boolean isBehind(long now);
}
