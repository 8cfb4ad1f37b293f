package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Which bots are to be woken when, so that who watches the time finds them without waking anybody. Says what the bots' logs say
 * but for moments: a bot has it put right when it comes up. Safe for many threads.
 */
public final class ScheduleDirectory {
    /** Part of the stored format: it can never change. */
    public static final int SHARDS = 16;

    private final InsertSchedule insert;
    private final DeleteSchedule delete;
    private final SelectSchedules select;

    /** Prepares its statements, so the schema must exist. Blocks: for the start of a node. */
    public ScheduleDirectory(CqlSession session, String keyspace) {
        insert = new InsertSchedule(session, keyspace);
        delete = new DeleteSchedule(session, keyspace);
        select = new SelectSchedules(session, keyspace);
    }

    /** Enters or replaces one. The last of {@code put} and {@code remove} at a time wins. */
    public CompletionStage<Void> put(ScheduledBot scheduled) {
        return Failures.orAway(insert.run(shard(scheduled.bot()), scheduled).thenApply(done -> null));
    }

    /** Removes one, if it is there. */
    public CompletionStage<Void> remove(String bot) {
        return Failures.orAway(delete.run(shard(bot), bot).thenApply(done -> null));
    }

    /**
     * A part of one shard, by name.
     *
     * @param shard 0 to {@link #SHARDS} - 1
     * @param after exclusive, may be empty: from the beginning
     * @return at most {@code limit}; fewer only at the end of the shard
     */
    public CompletionStage<List<ScheduledBot>> page(int shard, String after, int limit) {
        return Failures.orAway(select.run(shard, after, limit));
    }

    private static int shard(String bot) {
        int hash = bot.hashCode();
        return (hash ^ (hash >>> 16)) & (SHARDS - 1);
    }
}
