package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads what is noted of a bot's runs. */
final class SelectBotRuns {
    private final CqlSession session;
    private final PreparedStatement all;

    SelectBotRuns(CqlSession session, String keyspace) {
        this.session = session;
        this.all = Quorum.prepare(session, "SELECT run FROM " + keyspace + ".bot_run WHERE bot = ?");
    }

    /** {@return at most {@code limit} of them, in no order} */
    CompletionStage<List<String>> run(String bot, int limit) {
        return session.executeAsync(all.bind(bot).setPageSize(limit)).thenApply(result -> {
            List<String> runs = new ArrayList<>();
            result.currentPage().forEach(row -> runs.add(row.getString("run")));
            return runs;
        });
    }
}
