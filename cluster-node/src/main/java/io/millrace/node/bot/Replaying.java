package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of queues that a bot handles again. The events are copied into a queue of the bot's own, which its runs read as any
 * other while the replay is under way: so one instance handles them, beside its position, and what it emits has marks of its own
 * (design D5). A step is journaled before its events are copied, under a number that makes a repetition harmless. Pure.
 *
 * @param last the number of the last one planned
 * @param all the last ones, oldest first, at most {@link #MAX}
 */
record Replaying(long last, List<Range> all) {
    static final int MAX = 20;

    static final Replaying NONE = new Replaying(0, List.of());

    /** How one stands. */
    enum Phase {
        @JsonProperty("planned")
        PLANNED,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("done")
        DONE,
        @JsonProperty("cancelled")
        CANCELLED,
        @JsonProperty("failed")
        FAILED
    }

    /**
     * What is to be replayed.
     *
     * @param until inclusive
     * @param rate events a second at most, null for no limit
     * @param events how many there were
     * @param bytes their stored bytes, about
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Plan(
            long number,
            String queue,
            Position after,
            Position until,
            @Nullable Long rate,
            @Nullable String by,
            long events,
            long bytes) {}

    /**
     * One of them; times in ms since the epoch, 0 for not yet.
     *
     * @param into the queue that its events are copied into, null before it begins
     * @param base events of that queue that the bot had handled before
     * @param step the number of the copy under way
     * @param from where that begins, exclusive
     * @param upTo where that ends
     * @param underWay its events
     * @param copied events that were copied before
     * @param allCopied whether no further step comes
     * @param end the last event of {@code into}, once all are there; null if there was none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Range(
            Plan plan,
            Phase phase,
            long plannedAt,
            long expiresAt,
            long startedAt,
            long endedAt,
            @Nullable String into,
            long base,
            long step,
            Position from,
            @Nullable EventId upTo,
            long underWay,
            long copied,
            boolean allCopied,
            @Nullable EventId end,
            @Nullable String error) {

        @JsonIgnore
        boolean isRunning() {
            return phase == Phase.RUNNING;
        }

        /** Where the next step begins. */
        Position next() {
            return upTo == null ? from : Position.of(upTo);
        }

        Range begun(long at, String queue, long handled) {
            return new Range(
                    plan,
                    Phase.RUNNING,
                    plannedAt,
                    expiresAt,
                    at,
                    0,
                    queue,
                    handled,
                    0,
                    from,
                    null,
                    0,
                    0,
                    false,
                    null,
                    null);
        }

        Range stepped(BotEvent.ReplayStepped event) {
            return new Range(
                    plan,
                    phase,
                    plannedAt,
                    expiresAt,
                    startedAt,
                    0,
                    into,
                    base,
                    event.step(),
                    next(),
                    event.upTo(),
                    event.events(),
                    copied + underWay,
                    false,
                    null,
                    null);
        }

        Range copied(@Nullable EventId last) {
            return new Range(
                    plan,
                    phase,
                    plannedAt,
                    expiresAt,
                    startedAt,
                    0,
                    into,
                    base,
                    step,
                    from,
                    upTo,
                    0,
                    copied + underWay,
                    true,
                    last,
                    null);
        }

        Range ended(BotEvent.ReplayEnded event) {
            return new Range(
                    plan,
                    event.how(),
                    plannedAt,
                    expiresAt,
                    startedAt,
                    event.at(),
                    into,
                    base,
                    step,
                    from,
                    upTo,
                    underWay,
                    copied,
                    allCopied,
                    end,
                    event.error());
        }
    }

    Optional<Range> find(long number) {
        return all.stream().filter(range -> range.plan().number() == number).findFirst();
    }

    /** The one under way; there is one at most. */
    @Nullable
    Range active() {
        return all.stream().filter(Range::isRunning).findFirst().orElse(null);
    }

    Replaying planned(BotEvent.ReplayPlanned event) {
        Plan plan = event.plan();
        List<Range> next = new ArrayList<>(all);
        next.add(new Range(
                plan,
                Phase.PLANNED,
                event.at(),
                event.expiresAt(),
                0,
                0,
                null,
                0,
                0,
                plan.after(),
                null,
                0,
                0,
                false,
                null,
                null));
        if (next.size() > MAX) {
            next.remove(next.get(0).isRunning() ? 1 : 0);
        }
        return new Replaying(plan.number(), List.copyOf(next));
    }

    Replaying change(long number, UnaryOperator<Range> change) {
        return new Replaying(
                last,
                all.stream()
                        .map(range -> range.plan().number() == number ? change.apply(range) : range)
                        .toList());
    }
}
