package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.AppendResult;
import java.util.List;

/**
 * What a queue decides about appends that came together: the records to journal, and an answer to each, to be given once
 * the records are durable.
 *
 * @param records empty where nothing is to journal
 * @param verdicts one for each append, in their order
 */
record QueueDecision(List<QueueEvent> records, List<Verdict> verdicts) {
    /** What becomes of one append. */
    sealed interface Verdict {
        /** It is taken, or was before. */
        record Taken(AppendResult result) implements Verdict {}

        /** It is refused. */
        record Refused(Problem problem) implements Verdict {}

        /** What its producer or its run has sent before is on its way; it is to be decided again after them. */
        record Early(Append append) implements Verdict {}
    }
}
