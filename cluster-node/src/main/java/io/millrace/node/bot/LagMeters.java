package io.millrace.node.bot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.telemetry.LogFields;
import io.millrace.node.telemetry.Names;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far the bots of this node are behind in each queue that they read, as they last looked: at most {@link Chronicle#EVERY}
 * ago for a bot at work. A bot that nobody does the work of leaves memory with its events unread: what was last seen of it
 * stays for {@link #KEPT}, and its seconds grow. A bot that isn't behind costs nothing. Thread-safe.
 */
final class LagMeters {
    /** Beyond the hour in which the sweeper has each bot look once. */
    static final Duration KEPT = Duration.ofMinutes(70);

    /** @param meters none where it found no room among the names */
    private record Seen(BotFacts.Waiting waiting, List<Meter> meters) {}

    private final MeterRegistry registry;
    private final int max;
    private final LongSupplier clock;
    private final Map<String, Map<String, Seen>> behind = new HashMap<>();
    private final Set<String> here = new HashSet<>();
    private final Map<String, Long> resting = new HashMap<>();
    private int named;

    /**
     * Registers what stands for those that find no room.
     *
     * @param max pairs of a bot and a queue that are told of by name
     * @param clock ms since the epoch
     */
    LagMeters(MeterRegistry registry, int max, LongSupplier clock) {
        this.registry = registry;
        this.max = max;
        this.clock = clock;
        gauges(Names.OTHER, Names.OTHER, this::otherEvents, this::otherSeconds);
    }

    /** A bot has come into memory. */
    synchronized void came(String bot) {
        here.add(bot);
        resting.remove(bot);
    }

    /** The queues of a bot were asked: what waits for it there. */
    synchronized void noted(String bot, Map<String, BotFacts.Waiting> waiting) {
        if (!here.contains(bot) && !resting.containsKey(bot)) {
            return; // somebody else may have it by now
        }
        Map<String, Seen> seen = behind.computeIfAbsent(bot, name -> new HashMap<>());
        seen.entrySet().removeIf(one -> !isBehind(waiting.get(one.getKey())) && end(one.getValue()));
        waiting.forEach((queue, waits) -> {
            if (isBehind(waits)) {
                seen.compute(
                        queue, (name, before) -> new Seen(waits, before == null ? begin(bot, queue) : before.meters()));
            }
        });
        if (seen.isEmpty()) {
            behind.remove(bot);
            resting.remove(bot);
        }
    }

    /**
     * A bot has left memory.
     *
     * @param rests it is at rest here, else it may be on another node
     * @param asked its queues are being asked
     */
    synchronized void left(String bot, boolean rests, boolean asked) {
        here.remove(bot);
        if (rests && (asked || behind.containsKey(bot))) {
            resting.put(bot, clock.getAsLong());
        } else {
            forget(bot);
        }
    }

    /** Forgets what was last seen too long ago of bots at rest. To be called now and then. */
    synchronized void prune() {
        long before = clock.getAsLong() - KEPT.toMillis();
        resting.entrySet().stream()
                .filter(one -> one.getValue() < before)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(bot -> {
                    resting.remove(bot);
                    forget(bot);
                });
    }

    private void forget(String bot) {
        Map<String, Seen> seen = behind.remove(bot);
        if (seen != null) {
            seen.values().forEach(this::end);
        }
    }

    private static boolean isBehind(BotFacts.@Nullable Waiting waiting) {
        return waiting != null && waiting.events() > 0;
    }

    private List<Meter> begin(String bot, String queue) {
        if (named >= max) {
            return List.of();
        }
        named++;
        return gauges(bot, queue, () -> events(bot, queue), () -> seconds(bot, queue));
    }

    private boolean end(Seen seen) {
        if (!seen.meters().isEmpty()) {
            seen.meters().forEach(registry::remove);
            named--;
        }
        return true;
    }

    private List<Meter> gauges(String bot, String queue, Supplier<Number> events, Supplier<Number> seconds) {
        return List.of(
                Gauge.builder("millrace.bot.lag.events", events)
                        .description("Events that wait for a bot in a queue that it reads, where any do")
                        .tag(LogFields.BOT, bot)
                        .tag(LogFields.QUEUE, queue)
                        .register(registry),
                Gauge.builder("millrace.bot.lag", seconds)
                        .description("Source lag of a bot in a queue where events wait for it")
                        .baseUnit("seconds")
                        .tag(LogFields.BOT, bot)
                        .tag(LogFields.QUEUE, queue)
                        .register(registry));
    }

    private synchronized Number events(String bot, String queue) {
        Seen seen = behind.getOrDefault(bot, Map.of()).get(queue);
        return seen == null ? 0 : seen.waiting().events();
    }

    private synchronized Number seconds(String bot, String queue) {
        Seen seen = behind.getOrDefault(bot, Map.of()).get(queue);
        return seen == null ? 0 : seconds(seen);
    }

    private double seconds(Seen seen) {
        Long since = seen.waiting().since();
        return since == null ? 0 : Math.max(0, clock.getAsLong() - since) / 1_000.0;
    }

    private Stream<Seen> others() {
        return behind.values().stream()
                .flatMap(seen -> seen.values().stream())
                .filter(seen -> seen.meters().isEmpty());
    }

    private synchronized Number otherEvents() {
        return others().mapToLong(seen -> seen.waiting().events()).sum();
    }

    private synchronized Number otherSeconds() {
        return others().mapToDouble(this::seconds).max().orElse(0);
    }
}
