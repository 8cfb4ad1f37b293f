package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When an administrator may have moved a bot's checkpoint of one queue: positions are compared only in between. */
final class ResetWindows {
    /** A reset of unknown outcome may come so much later, and no later: no request lives longer on a node. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(60);

    private record Window(long from, long to) {}

    private final List<Window> windows = new ArrayList<>();

    ResetWindows(BotFacts bot, String queue) {
        bot.resets.stream()
                .filter(reset -> reset.operation().queue().equals(queue))
                .filter(reset -> reset.call().outcome() != Outcome.FAIL)
                .forEach(reset -> windows.add(window(reset.call())));
    }

    private static Window window(Call call) {
        return new Window(call.from(), call.to() + (call.outcome() == Outcome.UNKNOWN ? LATE : 0));
    }

    /** How many resets were over before this began; -1 if one may have happened meanwhile. */
    int era(long from, long to) {
        int era = 0;
        for (Window window : windows) {
            if (window.to < from) {
                era++;
            } else if (window.from <= to) {
                return -1;
            }
        }
        return era;
    }

    boolean any() {
        return !windows.isEmpty();
    }
}
