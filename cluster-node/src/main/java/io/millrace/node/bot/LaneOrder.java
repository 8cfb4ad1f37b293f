package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.node.application.LaneId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.lane.Lane;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one of a bot's lanes is to be, all of it: the later one is right, whatever was missed before it.
 *
 * @param revision grows with all that changes in it
 * @param layout counts the changes of the lanes' number or key
 * @param lane which it is; it begins with the layout
 * @param start where it begins, by queue
 * @param epoch that the lane's runs have more than, as none before the layout had
 * @param retire whether it is to come to an end that others can go on from, and then to do nothing
 * @param redriven the queue by which the bot's dead letters come back, null for none
 * @param replayed the queue by which a range comes again, null for none
 * @param kills how often runs were killed
 * @param resumes how often it was resumed
 * @param easing how fast the lane reads at most since it was resumed, its share; null for no limit
 * @param moved where an administrator has put it since the layout began, by queue
 * @param moves how often that was; a lane knows by it what it has followed already
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LaneOrder(
        long revision,
        long layout,
        Lane lane,
        Map<String, Checkpoint> start,
        long epoch,
        boolean retire,
        BotConfig config,
        boolean archived,
        boolean paused,
        @Nullable String pauseReason,
        @Nullable String redriven,
        @Nullable String replayed,
        long kills,
        long resumes,
        @Nullable Easing easing,
        Map<String, Lanes.Move> moved,
        long moves) {

    /** What a bot wants of one of its lanes. */
    static LaneOrder of(BotState bot, int index) {
        Lanes lanes = bot.laneBook();
        Replaying.Range replay = bot.replaying().active();
        Map<String, Checkpoint> start = new HashMap<>();
        lanes.start().forEach((queue, from) -> start.put(queue, LaneDecisions.at(from, 0)));
        return new LaneOrder(
                lanes.revision(),
                lanes.number(),
                new Lane(index, lanes.count(), lanes.key(), lanes.before()),
                Map.copyOf(start),
                bot.epoch(),
                LaneDecisions.isClosing(bot),
                bot.registration(),
                bot.archived(),
                bot.paused(),
                bot.pauseReason(),
                bot.redriving().queue(),
                replay == null ? null : replay.into(),
                lanes.kills(),
                lanes.resumes(),
                bot.easing() == null ? null : bot.easing().share(lanes.count()),
                lanes.moved(),
                bot.generation());
    }

    /** The name of the lane that it is for. */
    String to(String bot) {
        return LaneId.of(bot, lane.index());
    }
}
