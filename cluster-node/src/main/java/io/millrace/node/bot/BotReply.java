package io.millrace.node.bot;

import io.millrace.node.cluster.Wire;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.RunProtocol;
import java.util.List;

/** What a bot answers. */
sealed interface BotReply extends Wire {
    /** Nothing was done. */
    record Refused(Problem problem) implements BotReply {}

    /** As it stands; {@code created} tells whether the command made it. */
    record Info(BotState state, boolean created) implements BotReply {}

    /** A run was granted; {@code triggers} are the queues to read. */
    record Granted(BotState state, BotState.Run run, List<String> triggers) implements BotReply {}

    /** There was nothing to do within the time that the worker gave. */
    record Nothing() implements BotReply {}

    /** The lease stands. */
    record Alive(boolean stop, long deadline) implements BotReply {}

    /** The last runs, newest first. */
    record Runs(List<BotState.Past> past) implements BotReply {}

    /** What has moved checkpoints, newest first. */
    record Moves(List<Ledger.Move> moves) implements BotReply {}

    /** What is to be done about a suspect. */
    record Judged(RunProtocol.Verdict verdict) implements BotReply {}

    /**
     * What keeps it from running, or doesn't.
     *
     * @param node where it lives
     * @param workers how many wait for a run
     * @param forced whether it was told to run
     * @param unfenced queues that don't know yet that its runs so far are over
     * @param now ms since the epoch, as its lease under way has it
     */
    record Plight(BotState state, String node, int workers, boolean forced, List<String> unfenced, long now)
            implements BotReply {}

    /** It is done and durable. */
    record Done() implements BotReply {}
}
