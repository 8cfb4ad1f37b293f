package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.lane.Lane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a lane knows of its bot: the last order that it follows. Pure.
 *
 * @param revision of that order
 * @param layout of that order
 * @param lane which events are its to handle
 * @param retiring whether it is to come to an end
 * @param retired whether it has, and so does nothing; where it stands is final as long as no later order comes
 * @param redriven the queue by which the bot's dead letters come back, null for none
 * @param replayed the queue by which a range comes again, null for none
 * @param paused whether the bot was paused
 * @param kills how often runs were killed
 * @param resumes how often the bot was resumed
 * @param moves up to which an administrator's moves are followed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LaneDuty(
        long revision,
        long layout,
        Lane lane,
        boolean retiring,
        boolean retired,
        @Nullable String redriven,
        @Nullable String replayed,
        boolean paused,
        long kills,
        long resumes,
        long moves) {

    static LaneDuty of(LaneOrder order, Lane lane) {
        return new LaneDuty(
                order.revision(),
                order.layout(),
                lane,
                order.retire(),
                false,
                order.redriven(),
                order.replayed(),
                order.paused(),
                order.kills(),
                order.resumes(),
                order.moves());
    }

    LaneDuty retire() {
        return new LaneDuty(revision, layout, lane, retiring, true, redriven, replayed, paused, kills, resumes, moves);
    }

    LaneDuty passed(List<String> queues) {
        return new LaneDuty(
                revision,
                layout,
                lane.passed(queues),
                retiring,
                retired,
                redriven,
                replayed,
                paused,
                kills,
                resumes,
                moves);
    }
}
