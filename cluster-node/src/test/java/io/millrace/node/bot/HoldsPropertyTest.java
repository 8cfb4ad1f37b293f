package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.run.Caution;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotConfig.OnPoison;
import io.millrace.protocol.http.BotConfig.OnPoisonKey;
import io.millrace.protocol.http.RunProtocol.Action;
import io.millrace.protocol.json.Json;
import io.millrace.protocol.lane.HeldKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * A bot whose keys wait behind dead letters, with handlers that fail now and then, letters that are redriven and purged, all and
 * single and edited, and a node and a requester that die after any step: what is handled of each key is handled in the order of
 * its queue, and each event is handled once or purged.
 */
class HoldsPropertyTest {
    private static final int EVENTS = 24;
    private static final String REDRIVE =
            DeadLetterOffice.redriven(new BotId("price")).value();
    private static final String DEAD = DeadLetterOffice.dead(new BotId("price")).value();

    private final Map<String, List<Event>> queues = new HashMap<>();
    private final Map<String, EventId> outputMarks = new HashMap<>();
    private final Map<String, EventId> deadMarks = new HashMap<>();
    private final Map<Long, EventId> redriven = new HashMap<>();
    private final List<Integer> output = new ArrayList<>();
    private final Set<Integer> purged = new HashSet<>();
    private final List<BotEvent> journal = new ArrayList<>();
    private BotState state = BotState.EMPTY;
    private Random random = new Random(0);
    private long now = Given.NOW;
    private int[] failures = {};
    private boolean crashes;
    private final List<String> trace = new ArrayList<>();

    /** A step after which the node, or whoever asked, has died. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void persist(List<BotEvent> events) {
        journal.addAll(events);
        events.forEach(event -> trace.add(event.toString()));
        state = Given.apply(state, events);
        mayDie();
    }

    private void mayDie() {
        if (crashes && random.nextInt(60) == 0) {
            throw new Died();
        }
    }

    private BotState decided(BotDecision decision) {
        if (decision instanceof BotDecision.Accept accept) {
            persist(accept.events());
        }
        return state;
    }

    @Property(tries = 1_500)
    void whatIsHandledOfAKeyIsHandledInItsOrderAndNothingIsLost(@ForAll long seed, @ForAll boolean dying) {
        begin(seed, dying);
        for (int i = 0; i < 120; i++) {
            step();
            if (random.nextInt(10) == 0) {
                assertThat(Given.apply(BotState.EMPTY, journal))
                        .as("replayed, seed " + seed)
                        .isEqualTo(state);
            }
        }
        // then all is well again, and somebody redrives until nothing waits
        crashes = false;
        failures = new int[EVENTS + 1];
        for (int i = 0; i < 60 && !(state.waiting().isSettled() && isAtTail()); i++) {
            lost();
            settle();
            run();
            redrive(new HashMap<>());
            run();
        }
        assertThat(state.waiting().isSettled())
                .as("seed " + seed + " " + state.waiting())
                .isTrue();
        assertThat(isAtTail()).as("seed " + seed).isTrue();
        for (int key = 0; key < 3; key++) {
            int of = key;
            assertThat(output.stream().filter(event -> event % 3 == of).toList())
                    .as("seed " + seed)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
        for (int event = 1; event <= EVENTS; event++) {
            assertThat(output.contains(event) || purged.contains(event))
                    .as("event " + event + " of " + output + ", seed " + seed + "\n" + String.join("\n", trace))
                    .isTrue();
        }
    }

    private boolean isAtTail() {
        return !state.position("orders").isBefore(Given.id(EVENTS));
    }

    private void begin(long seed, boolean dying) {
        random = new Random(seed);
        queues.clear();
        outputMarks.clear();
        deadMarks.clear();
        redriven.clear();
        output.clear();
        purged.clear();
        journal.clear();
        trace.clear();
        state = BotState.EMPTY;
        crashes = false;
        failures = new int[EVENTS + 1];
        for (int i = 1; i <= EVENTS; i++) {
            failures[i] = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
            append("orders", Payload.of(Map.of("n", i, "k", "key" + i % 3)), null);
        }
        BotConfig config = Given.retrying(new BotConfig.Retry(1, Duration.ofMillis(100)), OnPoison.DEAD_LETTER)
                .withPoisonKey(OnPoisonKey.WAIT, "/k");
        persist(List.of(new BotEvent.Registered(now, config)));
        crashes = dying;
    }

    private void step() {
        now += 1_000;
        try {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> run();
                case 4 -> redrive(new HashMap<>());
                case 5 -> redrive(single());
                case 6 -> purge(random.nextInt(4) == 0 ? new HashMap<>() : single());
                default -> {
                    if (random.nextInt(4) == 0) {
                        decided(BotDecisions.kill(state, now));
                    }
                    settle();
                }
            }
        } catch (Died died) {
            boolean was = crashes;
            crashes = false;
            lost();
            crashes = was;
        }
    }

    private void lost() {
        BotState.Run run = state.run();
        if (run != null) {
            persist(List.of(RunDecisions.lose(state, run, now)));
        }
    }

    private EventId append(String queue, Payload payload, @Nullable Correlation parent) {
        List<Event> events = queues.computeIfAbsent(queue, name -> new ArrayList<>());
        EventId eid = Given.id(events.size() + 1);
        events.add(new Event("price", queue, eid, now, now, parent, payload));
        return eid;
    }

    private List<Event> events(String queue) {
        return queues.getOrDefault(queue, List.of());
    }

    /** Once for each event of a queue, as the mark has it. */
    private static boolean isNew(Map<String, EventId> marks, Event event) {
        EventId mark = marks.get(event.queue());
        if (mark != null && !event.eid().isAfter(mark)) {
            return false;
        }
        marks.put(event.queue(), event.eid());
        return true;
    }

    private void bury(Event event, String key) {
        if (isNew(deadMarks, event)) {
            ObjectNode letter = Json.mapper().createObjectNode();
            letter.put("queue", event.queue());
            letter.put("eid", event.eid().toString());
            letter.put("key", key);
            letter.set("payload", event.payload().tree());
            trace.add("letter " + append(DEAD, Payload.of(letter), event.asParent()) + letter);
        } else {
            trace.add("no letter, it is there: " + event);
        }
        mayDie();
    }

    private static int number(Event event) {
        return event.payload().tree().path("n").asInt();
    }

    /** One run as a node does it, event by event. */
    private void run() {
        now = Math.max(now + 1, state.backoffUntil());
        if (state.isRogue() || state.paused()) {
            decided(BotDecisions.resume(state, null, now));
        }
        if (!state.mayRun(now)) {
            return;
        }
        persist(List.of(RunDecisions.start(state, "run", "node", null, now, RunCause.EVENTS)));
        Caution caution = PoisonDecisions.caution(state);
        HeldKeys keys = new HeldKeys(Objects.requireNonNull(caution.keys()));
        Map<String, EventId> suspects = new HashMap<>(caution.suspects());
        Map<String, Checkpoint> reached = new HashMap<>();
        long handled = 0;
        for (String queue : state.sources()) {
            for (Event event : List.copyOf(events(queue))) {
                if (!state.position(queue).isBefore(event.eid())) {
                    continue;
                }
                boolean isSuspect = event.eid().equals(suspects.get(queue));
                Action action = Action.TRY;
                if (isSuspect) {
                    action = judge(event, null, keys, handled, reached);
                    handled = 0;
                }
                if (!isSuspect && keys.isHeld(event)) {
                    if (!keys.isRedriving()) {
                        bury(event, keys.key(event));
                    }
                } else if (action == Action.TRY) {
                    if (failures[number(event)] > 0) {
                        failures[number(event)]--;
                        action = judge(event, "boom", keys, handled, reached);
                        handled = 0;
                    } else {
                        if (isNew(outputMarks, event)) {
                            output.add(number(event));
                            trace.add("output " + event);
                        }
                        handled++;
                        mayDie();
                    }
                }
                if (action == Action.RETRY || action == Action.STOP) {
                    return;
                } else if (action == Action.DEAD_LETTER) {
                    bury(event, keys.key(event));
                    keys.hold(event);
                } else if (action == Action.SKIP) {
                    keys.hold(event);
                }
                reached.put(queue, new Checkpoint(Position.of(event.eid()), 1, null, now, now));
                if (random.nextInt(4) == 0) {
                    var move =
                            new BotCommand.MoveCheckpoints(state.epoch(), "run", Map.copyOf(reached), Deciding.NOBODY);
                    reached.clear();
                    decided(RunDecisions.checkpoint(state, move, now));
                }
                if (random.nextInt(20) == 0) {
                    break;
                }
            }
        }
        decided(RunDecisions.complete(
                state,
                new BotCommand.Complete(state.epoch(), "run", null, Map.copyOf(reached), 0, Deciding.NOBODY),
                now));
    }

    private Action judge(
            Event event, @Nullable String error, HeldKeys keys, long handled, Map<String, Checkpoint> reached) {
        BotCommand.Judge judge = new BotCommand.Judge(
                state.epoch(),
                "run",
                event.queue(),
                event.eid(),
                error,
                false,
                handled,
                0,
                Map.copyOf(reached),
                keys.key(event),
                keys.letter(event),
                false,
                Deciding.NOBODY);
        reached.clear();
        BotDecision.Accept accept = (BotDecision.Accept) PoisonDecisions.judge(state, judge, now);
        var reply = accept.reply().apply(state);
        persist(accept.events());
        return ((BotReply.Judged) reply).verdict().action();
    }

    private Map<EventId, @Nullable Payload> single() {
        Map<EventId, @Nullable Payload> singles = new HashMap<>();
        List<Event> letters = events(DEAD);
        for (int i = 0; i < 1 + random.nextInt(2) && !letters.isEmpty(); i++) {
            Event letter = letters.get(random.nextInt(letters.size()));
            singles.put(
                    letter.eid(),
                    random.nextBoolean()
                            ? null
                            : Payload.of(letter.payload().tree().get("payload")));
        }
        return singles;
    }

    private static Map<String, EventId> tails() {
        return Map.of("orders", Given.id(EVENTS));
    }

    private HeldScan scan(HeldScan scan) {
        events(DEAD).stream()
                .filter(letter -> scan.from().isBefore(letter.eid()))
                .forEach(scan::take);
        return scan.atTail();
    }

    private boolean bar(boolean purges, Map<EventId, @Nullable Payload> singles) {
        var bar = new BotCommand.BarLetters(REDRIVE, purges, List.copyOf(singles.keySet()), Deciding.NOBODY);
        BotDecision decision = HoldDecisions.bar(state, bar, now);
        decided(decision);
        return decision instanceof BotDecision.Accept;
    }

    private void lift(long number, Holds.@Nullable Moved moved) {
        decided(HoldDecisions.move(state, new BotCommand.MoveLetters(number, moved, Deciding.NOBODY), now));
    }

    private void redrive(Map<EventId, @Nullable Payload> singles) {
        if (!bar(false, singles)) {
            return;
        }
        long number = Objects.requireNonNull(state.waiting().bar()).number();
        HeldScan scan = scan(new HeldScan(state, tails(), false, singles));
        if (scan.refusal() != null) {
            lift(number, null);
        } else {
            EventId end = null;
            for (NewEvent copy : scan.events().values()) {
                end = append(REDRIVE, copy.payload(), copy.correlation());
            }
            if (end != null) {
                redriven.put(number, end);
            }
            mayDie();
            lift(number, scan.moved(end));
        }
    }

    private void purge(Map<EventId, @Nullable Payload> singles) {
        if (!bar(true, singles)) {
            return;
        }
        HeldScan scan = scan(new HeldScan(state, tails(), true, singles));
        List<Integer> gone = new ArrayList<>();
        for (Event letter : events(DEAD)) {
            HeldScan.Kept kept = Objects.requireNonNull(HeldScan.Kept.of(letter));
            if (kept.isOpen(state, letter.eid()) && (singles.isEmpty() || singles.containsKey(letter.eid()))) {
                gone.add(letter.payload().tree().path("payload").path("n").asInt());
            }
        }
        long number = Objects.requireNonNull(state.waiting().bar()).number();
        if (scan.refusal() == null) {
            purged.addAll(gone);
        }
        lift(number, scan.refusal() == null ? scan.moved(null) : null);
    }

    /** What the bot has settled that nobody has. */
    private void settle() {
        Holds.Bar bar = state.waiting().bar();
        if (bar != null) {
            EventId end = redriven.get(bar.number());
            lift(
                    bar.number(),
                    end == null
                            ? null
                            : scan(HeldScan.again(state, tails(), bar)).moved(end));
        }
    }
}
