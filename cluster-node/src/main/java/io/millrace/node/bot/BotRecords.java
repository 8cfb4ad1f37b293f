package io.millrace.node.bot;

import io.millrace.protocol.http.RunProtocol;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where it is noted how bots stand and what their runs came to: for people, beside the log that decides. What fails is lost
 * without harm.
 */
interface BotRecords {
    /**
     * Notes how a bot stands, in place of what was noted before.
     *
     * @param known what was noted of the past; null if that isn't known, and to be read first
     * @param more what it has done since
     * @return what is noted of the past from then on; fails if it wasn't noted
     */
    CompletionStage<Trend> note(String bot, BotState state, @Nullable Trend known, Tally more);

    /**
     * Notes runs that are over, each in place of what was noted of it; the last {@link LastRuns#KEPT} stay.
     *
     * @param runs at most {@link BotState#MAX_PAST}
     */
    CompletionStage<?> note(String bot, List<RunProtocol.Summary> runs);
}
