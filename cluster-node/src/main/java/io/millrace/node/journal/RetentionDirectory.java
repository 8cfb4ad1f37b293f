package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * When which queue may have events to remove, so that who watches the time finds them without waking anybody. A queue enters
 * itself, never later than it has to be looked at but for moments. Safe for many threads.
 */
public final class RetentionDirectory {
    /** Part of the stored format: it can never change. */
    public static final int SHARDS = 16;

    private final InsertRetention insert;
    private final SelectRetention select;

    /** Prepares its statements, so the schema must exist. Blocks: for the start of a node. */
    public RetentionDirectory(CqlSession session, String keyspace) {
        insert = new InsertRetention(session, keyspace);
        select = new SelectRetention(session, keyspace);
    }

    /** Enters a queue or replaces what is entered for it; the last at a time wins. */
    public CompletionStage<Void> put(String queue, long due) {
        return Failures.orAway(
                insert.run(shard(queue), new DueQueue(queue, due)).thenApply(done -> null));
    }

    /**
     * A part of one shard, by name.
     *
     * @param shard 0 to {@link #SHARDS} - 1
     * @param after exclusive, may be empty: from the beginning
     * @return at most {@code limit}; fewer only at the end of the shard
     */
    public CompletionStage<List<DueQueue>> page(int shard, String after, int limit) {
        return Failures.orAway(select.run(shard, after, limit));
    }

    private static int shard(String queue) {
        int hash = queue.hashCode();
        return (hash ^ (hash >>> 16)) & (SHARDS - 1);
    }
}
