package io.millrace.node.cluster;

import io.millrace.node.journal.ScheduledBot;
import io.millrace.node.schedule.InvalidScheduleException;
import io.millrace.node.schedule.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which bot's next slot comes first: some 200 bytes for each bot with a schedule, and looked at without going through them.
 * Bots with the same schedule share what it takes to work it out.
 */
final class SlotQueue {
    private record Place(ScheduledBot bot, Instant slot) {}

    private record Rule(String cron, @Nullable String timeZone) {}

    private final Map<String, Place> byBot = new HashMap<>();
    private final PriorityQueue<Place> queue = new PriorityQueue<>(Comparator.comparing(Place::slot));
    private final Map<Rule, Schedule> schedules = new HashMap<>();

    /** Enters a bot with its first slot after a moment; one that is there with the same schedule keeps its place. */
    void put(ScheduledBot bot, Instant after) {
        Place known = byBot.get(bot.bot());
        if (known == null || !known.bot().equals(bot)) {
            remove(bot.bot());
            place(bot, after);
        }
    }

    void remove(String bot) {
        byBot.remove(bot); // its place in the queue is passed over when it comes
    }

    /** Removes all but these. */
    void retain(Set<String> bots) {
        byBot.keySet().retainAll(bots);
        Set<Rule> used = new HashSet<>();
        byBot.values().forEach(place -> used.add(rule(place.bot())));
        schedules.keySet().retainAll(used);
    }

    /** Takes up to so many bots whose slot has come; of several missed slots each bot has one. */
    List<String> due(Instant now, int most) {
        List<String> due = new ArrayList<>();
        for (Place first = queue.peek(); first != null && due.size() < most; first = queue.peek()) {
            boolean isCurrent = first.equals(byBot.get(first.bot().bot()));
            if (isCurrent && first.slot().isAfter(now)) {
                break;
            }
            queue.remove();
            if (isCurrent) {
                due.add(first.bot().bot());
                place(first.bot(), now);
            }
        }
        return due;
    }

    /** Works all of it out anew: the clock was set back. */
    void restart(Instant after) {
        List<Place> all = List.copyOf(byBot.values());
        queue.clear();
        all.forEach(place -> place(place.bot(), after));
    }

    int size() {
        return byBot.size();
    }

    private void place(ScheduledBot bot, Instant after) {
        Optional<Instant> slot = next(bot, after);
        if (slot.isEmpty()) {
            byBot.remove(bot.bot());
            return;
        }
        Place place = new Place(bot, slot.get());
        byBot.put(bot.bot(), place);
        queue.add(place);
    }

    private Optional<Instant> next(ScheduledBot bot, Instant after) {
        Rule rule = rule(bot);
        Schedule schedule = schedules.get(rule);
        if (schedule == null) {
            try {
                schedule = Schedule.of(bot.cron(), bot.timeZone());
            } catch (InvalidScheduleException e) {
                return Optional.empty(); // the bot itself says so when it comes up
            }
            schedules.put(rule, schedule);
        }
        return schedule.next(after);
    }

    private static Rule rule(ScheduledBot bot) {
        return new Rule(bot.cron(), bot.timeZone());
    }
}
