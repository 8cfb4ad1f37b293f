package io.millrace.node.bot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What others have told the bot and it has yet to look at; each kind bounded. */
final class Notices {
    private final Set<BotCommand.Check> checks = new LinkedHashSet<>();
    private final Set<String> written = new LinkedHashSet<>();

    /** One more than there can be triggers is of no use: the sweeper comes again. */
    void add(BotCommand.Check check) {
        if (checks.size() <= BotRules.MAX_TRIGGERS) {
            checks.add(check);
        }
    }

    void add(BotCommand.Wrote wrote) {
        if (written.size() < BotState.MAX_QUEUES) {
            written.add(wrote.queue());
        }
    }

    /** Takes what the sweeper has told. */
    List<BotCommand.Check> checks() {
        List<BotCommand.Check> taken = List.copyOf(checks);
        checks.clear();
        return taken;
    }

    /** Takes the queues that the bot wrote to for the first time, null if there are none. */
    @Nullable
    BotCommit commit(BotState state) {
        List<BotEvent> events = new ArrayList<>();
        int room = BotState.MAX_QUEUES - state.written().size();
        for (String queue : written) {
            if (state.exists() && !state.written().contains(queue) && events.size() < room) {
                events.add(new BotEvent.Wrote(queue));
            }
        }
        written.clear();
        return events.isEmpty() ? null : new BotCommit(events, after -> {}, problem -> {});
    }
}
