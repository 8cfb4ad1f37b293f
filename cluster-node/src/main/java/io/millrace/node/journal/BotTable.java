package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What is noted of each bot, one text each, so that 10,000 of them are listed page by page without waking anybody: a page costs
 * one statement for each shard, whatever its size. Safe for many threads.
 */
public final class BotTable {
    /** Part of the stored format: it can never change. */
    static final int SHARDS = 16;

    private final InsertBotRow insert;
    private final SelectBotRows select;

    /** Prepares its statements, so the schema must exist. Blocks: for the start of a node. */
    public BotTable(CqlSession session, String keyspace) {
        insert = new InsertBotRow(session, keyspace);
        select = new SelectBotRows(session, keyspace);
    }

    /**
     * Notes a bot in place of what was noted before {@code at}.
     *
     * @param at ms since the epoch; what was noted later stays
     */
    public CompletionStage<Void> put(String bot, String row, long at) {
        return Failures.orAway(insert.run(shard(bot), bot, row, at * 1_000).thenApply(done -> null));
    }

    public CompletionStage<Optional<String>> get(String bot) {
        return Failures.orAway(
                select.run(shard(bot), bot, bot, 1).thenApply(rows -> Optional.ofNullable(rows.get(bot))));
    }

    /**
     * What is noted of bots that follow each other in the order of their names.
     *
     * @param bots in order, without a gap: of those that exist none between the first and the last is left out
     * @return by name; nothing was noted of those that are missing
     */
    public CompletionStage<Map<String, String>> get(List<String> bots) {
        Map<Integer, TreeMap<String, String>> byShard = new HashMap<>();
        bots.forEach(bot ->
                byShard.computeIfAbsent(shard(bot), shard -> new TreeMap<>()).put(bot, bot));
        CompletionStage<Map<String, String>> all = CompletableFuture.completedStage(new HashMap<>());
        for (Map.Entry<Integer, TreeMap<String, String>> shard : byShard.entrySet()) {
            TreeMap<String, String> names = shard.getValue();
            CompletionStage<Map<String, String>> rows =
                    select.run(shard.getKey(), names.firstKey(), names.lastKey(), names.size());
            all = all.thenCombine(rows, (found, more) -> {
                found.putAll(more);
                return found;
            });
        }
        return Failures.orAway(all);
    }

    private static int shard(String bot) {
        int hash = bot.hashCode();
        return (hash ^ (hash >>> 16)) & (SHARDS - 1);
    }
}
