package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The last runs of each bot, one text each. A bot has a ring of {@link #SLOTS}: a run takes the place of the one that many
 * epochs before, so that a bot's runs never take more room and nothing has to be deleted. Safe for many threads.
 */
public final class RunTable {
    /** Part of the stored format: it can never change. */
    public static final int SLOTS = 128;

    private final InsertBotRun insert;
    private final SelectBotRuns select;

    /** Prepares its statements, so the schema must exist. Blocks: for the start of a node. */
    public RunTable(CqlSession session, String keyspace) {
        insert = new InsertBotRun(session, keyspace);
        select = new SelectBotRuns(session, keyspace);
    }

    /**
     * Notes a run, again or for the first time.
     *
     * @param epoch the run's, from 1 up
     * @param version of two notes of one run the greater's stays, 0 or 1
     */
    public CompletionStage<Void> put(String bot, long epoch, int version, String run) {
        return Failures.orAway(
                insert.run(bot, (int) (epoch % SLOTS), run, 2 * epoch + version).thenApply(done -> null));
    }

    /** What is noted of a bot, in no order, at most {@link #SLOTS}. */
    public CompletionStage<List<String>> get(String bot) {
        return Failures.orAway(select.run(bot, SLOTS));
    }
}
