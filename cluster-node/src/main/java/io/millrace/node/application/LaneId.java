package io.millrace.node.application;

import io.millrace.protocol.BotId;
import io.millrace.protocol.lane.Lane;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that the lanes of bots go by inside the cluster: {@code <bot>.lane-<index>}. Nobody can register a bot under such
 * a name. They stay the same when the number of lanes is changed, so that a queue keeps marks for 64 of them at most.
 */
public final class LaneId {
    private static final Pattern SHAPE = Pattern.compile("(.+)\\.lane-([0-9]{1,2})");

    private LaneId() {}

    /** The name of one of a bot's lanes. */
    public static String of(String bot, int index) {
        return bot + ".lane-" + index;
    }

    /** Whether it is the name of a lane. */
    public static boolean isLane(String name) {
        return SHAPE.matcher(name).matches();
    }

    /** Whose lane it is; what isn't a lane is its own. */
    public static String owner(String name) {
        Matcher matcher = SHAPE.matcher(name);
        return matcher.matches() ? matcher.group(1) : name;
    }

    /** As {@link #owner(String)}. */
    public static BotId owner(BotId bot) {
        return isLane(bot.value()) ? new BotId(owner(bot.value())) : bot;
    }

    /**
     * The name that what is noted of it for lists is kept under: that of a lane sorts after the names of all bots, next to those
     * of its bot's other lanes.
     */
    public static String note(String name) {
        return isLane(name) ? String.format("~%s/%02d", owner(name), index(name)) : name;
    }

    /** Which of its bot's lanes it is; null for what isn't a lane. */
    public static @Nullable Integer number(String name) {
        return isLane(name) ? (Integer) index(name) : null;
    }

    /** Which of its bot's lanes it is. */
    public static int index(String name) {
        Matcher matcher = SHAPE.matcher(name);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) >= Lane.MAX_COUNT) {
            throw new IllegalArgumentException("not a lane: " + name);
        }
        return Integer.parseInt(matcher.group(2));
    }
}
