package io.millrace.node.bot;

import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.Explanation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a bot's lanes are running, or why they aren't, and what holds up a change of them. Pure. */
final class LaneExplanation {
    static final String NOT_ENDED = "not-ended";

    private LaneExplanation() {}

    /** @param lanes each by itself, in their order */
    static Explanation of(BotSight sight, BotReply.Plight plight, List<Explanation> lanes) {
        List<Explanation.Check> checks = new ArrayList<>();
        String because = BotExplanation.common(sight, plight, checks);
        String change = change(plight.state(), lanes);
        checks.add(new Explanation.Check(
                "lanes",
                change == null,
                change == null ? layout(plight.state().laneBook()) + " share its events" : change));
        long running = 0;
        for (int i = 0; i < lanes.size(); i++) {
            Explanation lane = lanes.get(i);
            running += lane.running() ? 1 : 0;
            checks.add(new Explanation.Check("lane:" + i, isWell(lane), lane.because()));
        }
        if (running > 0) {
            because = running + " of " + lanes.size() + " lanes are running"
                    + (change == null ? "." : "; " + change + ".");
        } else if (because == null) {
            because = change == null ? reason(lanes) : "Its lanes are being changed: " + change + ".";
        }
        return new Explanation(running > 0, because, checks);
    }

    private static boolean isWell(Explanation lane) {
        return lane.running() || lane.checks().stream().allMatch(Explanation.Check::passed);
    }

    /** What holds up a change; null if there is none to be. */
    private static @Nullable String change(BotState state, List<Explanation> lanes) {
        if (!LaneDecisions.isClosing(state)) {
            return null;
        }
        BotConfig config = state.registration();
        StringBuilder waits = new StringBuilder();
        for (int i = 0; i < lanes.size(); i++) {
            if (lanes.get(i).checks().stream().noneMatch(check -> check.check().equals(NOT_ENDED))) {
                waits.append("; lane ").append(i).append(" has yet to come to its end: ");
                waits.append(lanes.get(i).because());
            }
        }
        String next = config.laneCount() == 1 ? "one" : config.laneCount() + " by " + config.laneKey();
        return layout(state.laneBook()) + " are to become " + next + waits;
    }

    private static String layout(Lanes lanes) {
        return lanes.count() + " lanes by " + lanes.key();
    }

    /** Why none of them runs; the first whose reason isn't the others'. */
    private static String reason(List<Explanation> lanes) {
        String first = lanes.get(0).because();
        return lanes.stream().allMatch(lane -> lane.because().equals(first)) ? first : "Lane 0: " + first;
    }
}
