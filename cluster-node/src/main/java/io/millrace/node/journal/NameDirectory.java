package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The names of what exists, of several kinds, in order; so that 100,000 of them can be listed page by page without
 * waking anybody. Names are sorted by their characters and hold none outside the basic plane. Safe for many threads.
 */
public final class NameDirectory {
    /** Names of a page, at most. */
    public static final int MAX_PAGE = 10_000;

    /** Part of the stored format: it can never change. */
    private static final int SHARDS = 16;

    private static final String LAST = "\uffff";

    private final InsertDirectory insert;
    private final DeleteDirectory delete;
    private final SelectDirectory select;

    /** Prepares its statements, so the schema must exist. Blocks: for the start of a node. */
    public NameDirectory(CqlSession session, String keyspace) {
        insert = new InsertDirectory(session, keyspace);
        delete = new DeleteDirectory(session, keyspace);
        select = new SelectDirectory(session, keyspace);
    }

    /** Enters a name; one that is there stays. The last of {@code add} and {@code remove} at a time wins. */
    public CompletionStage<Void> add(String kind, String name) {
        return Failures.orAway(insert.run(kind, shard(name), name).thenApply(done -> null));
    }

    /** Removes a name, if it is there. */
    public CompletionStage<Void> remove(String kind, String name) {
        return Failures.orAway(delete.run(kind, shard(name), name).thenApply(done -> null));
    }

    public CompletionStage<Boolean> contains(String kind, String name) {
        return Failures.orAway(
                select.run(kind, shard(name), name, name + "\u0000", 1).thenApply(names -> !names.isEmpty()));
    }

    /**
     * A part of the names in order.
     *
     * @param prefix that all names of the page have, may be empty
     * @param after exclusive, may be empty: from the beginning
     * @param limit 1 to {@link #MAX_PAGE}
     */
    public CompletionStage<NamePage> page(String kind, String prefix, String after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            return CompletableFuture.failedStage(
                    new IllegalArgumentException("limit: 1 to " + MAX_PAGE + ", not " + limit));
        }
        String from = after.compareTo(prefix) < 0 ? prefix : after + "\u0000";
        return Failures.orAway(collect(kind, from, prefix + LAST, limit, new ArrayList<>()));
    }

    private CompletionStage<NamePage> collect(String kind, String from, String to, int limit, List<String> names) {
        // A little more than its share from each shard: mostly one round fills the page.
        int perShard = Math.min(limit, (limit - names.size()) / SHARDS * 3 / 2 + 8) + 1;
        var shards = new ArrayList<CompletableFuture<List<String>>>();
        for (int shard = 0; shard < SHARDS; shard++) {
            shards.add(select.run(kind, shard, from, to, perShard).toCompletableFuture());
        }
        return CompletableFuture.allOf(shards.toArray(CompletableFuture[]::new)).thenCompose(done -> {
            var merged = new TreeSet<String>();
            String known = to;
            for (var shard : shards) {
                List<String> found = shard.getNow(List.of());
                merged.addAll(found);
                if (found.size() == perShard && found.get(perShard - 1).compareTo(known) < 0) {
                    known = found.get(perShard - 1);
                }
            }
            // Beyond the last name of a shard that has more, the order isn't known yet.
            for (String name : merged.headSet(known, true)) {
                if (names.size() == limit) {
                    return CompletableFuture.completedStage(new NamePage(names, true));
                }
                names.add(name);
            }
            boolean complete = known.equals(to);
            if (complete || names.size() == limit) {
                return CompletableFuture.completedStage(new NamePage(names, !complete));
            }
            return collect(kind, known + "\u0000", to, limit, names);
        });
    }

    private static int shard(String name) {
        int hash = name.hashCode();
        return (hash ^ (hash >>> 16)) & (SHARDS - 1);
    }
}
