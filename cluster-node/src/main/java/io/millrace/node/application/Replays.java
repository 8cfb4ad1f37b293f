package io.millrace.node.application;

import io.millrace.protocol.BotId;
import io.millrace.protocol.http.Replay;
import java.util.concurrent.CompletionStage;

/** Ranges of queues that single bots handle again. */
public interface Replays {
    /** Finds out what it would be, and keeps it for some minutes to be started. */
    CompletionStage<Outcome<Replay>> plan(Replay.Request request);

    /** Starts a plan; refused if it has expired, was started already, or another one of the bot is under way. */
    CompletionStage<Outcome<Replay>> start(String id);

    /** As it stands; refused as not found if the bot doesn't remember it. */
    CompletionStage<Outcome<Replay>> get(String id);

    /** Ends it; what the bot has emitted stays. One that has ended already stays as it is. */
    CompletionStage<Outcome<Replay>> cancel(String id);

    /** The bot's last ones, newest first. */
    CompletionStage<Outcome<Replay.Listing>> list(BotId bot);
}
