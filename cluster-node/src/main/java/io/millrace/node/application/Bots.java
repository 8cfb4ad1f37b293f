package io.millrace.node.application;

import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What can be done with bots and their runs, on whatever node they live. */
public interface Bots {
    /**
     * Registers or changes; brings an archived one back.
     *
     * @param ifMatch an entity tag that must match, or null
     */
    CompletionStage<Outcome<Configured<BotInfo>>> register(BotId bot, BotConfig config, @Nullable String ifMatch);

    /** As it stands; refused as not found if it isn't there. */
    CompletionStage<Outcome<BotInfo>> describe(BotId bot);

    /**
     * A page of bots by name, without the archived: as they were noted a few seconds ago, so that nobody is woken.
     *
     * @param prefix of the names, may be empty
     * @param after exclusive, may be empty
     * @param limit 1 to 1000
     * @param state only those in this state or with this flag, or null. So many names are looked at for it: a page may be
     *     short or empty and yet have a next one
     */
    CompletionStage<Outcome<Page.Bots>> list(String prefix, String after, int limit, @Nullable String state);

    CompletionStage<Outcome<BotInfo>> archive(BotId bot);

    CompletionStage<Outcome<BotInfo>> pause(BotId bot, @Nullable String reason);

    /** Ends a pause and a back-off, and forgets the errors. */
    CompletionStage<Outcome<BotInfo>> resume(BotId bot);

    /**
     * Pauses or resumes bots that have a tag, a page of them by name; may be repeated.
     *
     * @param after exclusive, may be empty
     * @param limit how many are looked at, 1 to 1000
     */
    CompletionStage<Outcome<RunProtocol.Changed>> steerTagged(String tag, Steering steering, String after, int limit);

    /** Pauses or resumes all bots that a queue triggers; refused as not found if there is no such queue. */
    CompletionStage<Outcome<RunProtocol.Changed>> steerReaders(QueueName queue, Steering steering);

    /** Starts a run now, if none is under way, whether or not events wait. */
    CompletionStage<Outcome<BotInfo>> run(BotId bot);

    /** Ends the run under way; its later effects are refused. */
    CompletionStage<Outcome<BotInfo>> kill(BotId bot);

    /** Ends the run under way, then moves a read checkpoint, also backwards. */
    CompletionStage<Outcome<BotInfo>> reset(BotId bot, QueueName queue, RunProtocol.Reset reset);

    /** Undoes a move of a read checkpoint: ends the run under way, then sets it to where it was before. */
    CompletionStage<Outcome<BotInfo>> undo(BotId bot, QueueName queue, CheckpointLedger.Undo undo);

    /** Ranges that single bots handle again. */
    Replays replays();

    /** What has moved its read checkpoints other than its runs, newest first. */
    CompletionStage<Outcome<CheckpointLedger>> ledger(BotId bot);

    /** Its last 100 runs, newest first. */
    CompletionStage<Outcome<RunProtocol.Summaries>> runs(BotId bot);

    /** Sends dead letters back through the bot; refused as not found if there is no such bot or letter. */
    CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, DeadLetters.Redrive redrive);

    /**
     * Is done with dead letters without redriving them; they stay readable in their queue.
     *
     * @param eid one of them, or empty for all
     */
    CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Optional<EventId> eid);

    /** Why it is running or isn't; answers also where there is no such bot or its storage is away. */
    CompletionStage<Outcome<Explanation>> explain(BotId bot);

    /**
     * A worker asks for a run.
     *
     * @param wait how long to wait for one, at most 60 s
     * @param gone completes, in whatever way, if the worker goes before it has an answer: then it gets no run that would
     *     keep others waiting until its heartbeat is missed
     * @return empty when nothing was to do
     */
    CompletionStage<Outcome<Optional<RunProtocol.Grant>>> ask(
            BotId bot, String worker, Duration wait, CompletionStage<?> gone);

    /** A run's worker lives; refused as stale if the run's lease is over. */
    CompletionStage<Outcome<RunProtocol.Heartbeat>> heartbeat(RunRef run);

    /** Has the bot write down that it writes to a queue, once for each queue, before a run's first append there. */
    CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue);

    /** Moves read checkpoints forward; done once they are durable. */
    CompletionStage<Outcome<Boolean>> checkpoint(RunRef run, Map<QueueName, Checkpoint> checkpoints);

    /**
     * A run has found that retention has removed what it would have read next; told again, it is known already.
     *
     * @param to the oldest event that is kept
     */
    CompletionStage<Outcome<Boolean>> skipped(RunRef run, QueueName queue, EventId to);

    /**
     * Asks what is to be done about an event that fails alone or has failed before; may be repeated. Where the answer is
     * {@code retry} or {@code stop}, the run is over.
     */
    CompletionStage<Outcome<RunProtocol.Verdict>> judge(RunRef run, RunProtocol.Suspicion suspicion);

    /** As {@link #judge}, for a run elsewhere: what is to be a dead letter is one when this is done. */
    CompletionStage<Outcome<RunProtocol.Verdict>> report(RunRef run, RunProtocol.Suspicion suspicion);

    CompletionStage<Outcome<Boolean>> complete(RunRef run, RunProtocol.Complete complete);
}
