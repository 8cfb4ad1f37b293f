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

    /** What is to be done about a suspect. */
    record Judged(RunProtocol.Verdict verdict) implements BotReply {}

    /** It is done and durable. */
    record Done() implements BotReply {}
}
