package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.lane.LaneFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * A bot whose lanes' number and key are changed at random while events come, runs are lost between append and checkpoint and go
 * on as zombies, and orders arrive late, twice and out of their order: what is emitted for each event is in the receiving queue
 * once, in the order of its key. Plays the bot's own decisions, and a model of the queue's marks and fences (design D4, D5).
 */
class LanesPropertyTest {
    private static final String IN = "in";
    private static final String[] KEYS = {"/a", "/b"};

    /** The receiving queue's marks of one bot. */
    private static final class Mark {
        long generation;
        long epoch;

        @Nullable
        EventId position;
    }

    /** A run, which may have been lost without knowing. */
    private static final class Running {
        final Entity of;
        final long epoch;
        final long generation;
        final LaneFilter filter;
        Position at;

        Running(Entity of) {
            this.of = of;
            epoch = of.state.epoch();
            generation = of.state.generation();
            filter = LaneFilter.of(of.state.lane(), IN);
            at = of.state.position(IN);
        }
    }

    private static final class Entity {
        final Mark mark = new Mark();
        BotState state = BotState.EMPTY;

        void apply(BotEvent event) {
            state = state.apply(event);
        }

        void apply(List<BotEvent> events) {
            events.forEach(this::apply);
        }

        /** What the queue answers to the fence that every run and every end waits for. */
        Map<String, EventId> fence() {
            if (mark.generation < state.generation()) {
                mark.generation = state.generation();
                mark.position = null;
            }
            mark.epoch = Math.max(mark.epoch, state.epoch() + 1);
            EventId position = mark.position;
            return position == null ? Map.of() : Map.of(IN, position);
        }
    }

    private final Random random = new Random(0);
    /** In half of the worlds only, so that order can be told in the others. */
    private boolean keyChanges;

    private final Entity bot = new Entity();
    private final Map<Integer, Entity> lanes = new HashMap<>();
    private final List<LaneOrder> orders = new ArrayList<>();
    private final List<Event> in = new ArrayList<>();
    private final List<Event> out = new ArrayList<>();
    /** Of the runs that have emitted what is in {@code out}. */
    private final List<Long> epochs = new ArrayList<>();

    private final List<Running> running = new ArrayList<>();
    private final List<Running> zombies = new ArrayList<>();
    private long now = 1;

    private static LanesPropertyTest of(long seed) {
        LanesPropertyTest world = new LanesPropertyTest();
        world.random.setSeed(seed);
        world.keyChanges = world.random.nextBoolean();
        return world;
    }

    @Property(tries = 3_000)
    void eachEventsOutputIsThereOnceAndInTheOrderOfItsKey(@ForAll long seed) {
        LanesPropertyTest world = of(seed);
        world.register(1);
        for (int i = 0; i < 400; i++) {
            world.step();
        }
        world.settle();
        assertThat(world.out.stream().map(Event::eid)).doesNotHaveDuplicates().hasSameSizeAs(world.in);
        if (!world.keyChanges) {
            world.assertOrder(KEYS[0]);
        }
    }

    private void assertOrder(String key) {
        Map<String, EventId> last = new HashMap<>();
        Map<String, Long> tokens = new HashMap<>();
        for (int i = 0; i < out.size(); i++) {
            Event event = out.get(i);
            String value = event.payload().tree().at(key).asText();
            EventId before = last.put(value, event.eid());
            assertThat(before == null || event.eid().isAfter(before))
                    .as("order of " + value)
                    .isTrue();
            long epoch = epochs.get(i);
            assertThat(tokens.getOrDefault(value, 0L)).as("epochs of " + value).isLessThanOrEqualTo(epoch);
            tokens.put(value, epoch);
        }
    }

    private void step() {
        now++;
        switch (random.nextInt(12)) {
            case 0, 1 -> append();
            case 2 -> {
                if (random.nextInt(3) == 0) {
                    register(1 + random.nextInt(5));
                }
            }
            case 3, 4 -> order();
            case 5, 6 -> begin();
            case 7 -> work(running);
            case 8 -> work(zombies);
            case 9 -> end();
            case 10 -> retire();
            default -> open();
        }
    }

    private void append() {
        for (int i = 0; i < 5; i++) {
            String payload = "{\"a\":" + random.nextInt(7) + ",\"b\":" + random.nextInt(7) + "}";
            EventId eid = new EventId(1_000 + in.size(), 0);
            in.add(new Event(null, IN, eid, 1, 1, null, Payload.ofJson(payload)));
        }
    }

    private void register(int count) {
        BotConfig config = Given.config(Given.JAVA, IN);
        boolean other = keyChanges && random.nextInt(3) == 0;
        accept(BotDecisions.register(bot.state, config.withLanes(count, KEYS[other ? 1 : 0]), null, now));
        lose(bot);
    }

    private void accept(BotDecision decision) {
        bot.apply(((BotDecision.Accept) decision).events());
    }

    /** Sends the present order, and has some order arrive: perhaps an old one. */
    private void order() {
        if (bot.state.coordinates()) {
            orders.add(
                    LaneOrder.of(bot.state, random.nextInt(bot.state.laneBook().count())));
        }
        if (!orders.isEmpty()) {
            int recent = Math.max(0, orders.size() - 6);
            follow(orders.get(recent + random.nextInt(orders.size() - recent)));
        }
    }

    private void follow(LaneOrder order) {
        Entity lane = lanes.computeIfAbsent(order.lane().index(), index -> new Entity());
        lane.apply(LaneDecisions.follow(lane.state, order, now));
        lose(lane);
    }

    /** Runs that the entity has ended go on without knowing. */
    private void lose(Entity of) {
        running.removeIf(run -> run.of == of && of.state.run() == null && zombies.add(run));
    }

    private Entity any() {
        List<Entity> all = new ArrayList<>(lanes.values());
        all.add(bot);
        return all.get(random.nextInt(all.size()));
    }

    private void begin() {
        Entity of = any();
        if (!of.state.mayRun(now)) {
            return;
        }
        Map<String, EventId> marks = of.fence();
        if (LaneDecisions.isRetiring(of.state) && LaneDecisions.isThrough(of.state, marks)) {
            return;
        }
        of.apply(RunDecisions.start(of.state, "run-" + now, "node", null, now, RunCause.EVENTS));
        running.add(new Running(of));
    }

    private void work(List<Running> runs) {
        if (runs.isEmpty()) {
            return;
        }
        Running run = runs.get(random.nextInt(runs.size()));
        int events = 1 + random.nextInt(8);
        for (Event event : in) {
            if (run.at.isBefore(event.eid()) && events-- > 0) {
                if (run.filter.takes(event) && !take(run, event)) {
                    return;
                }
                run.at = Position.of(event.eid());
            }
        }
        if (random.nextBoolean()) {
            checkpoint(run);
        }
    }

    private void checkpoint(Running run) {
        BotState.Run under = run.of.state.run();
        if (under != null && under.epoch() == run.epoch && running.contains(run)) {
            run.of.apply(
                    new BotEvent.Checkpointed(now, run.epoch, Map.of(IN, new Checkpoint(run.at, 0, null, null, null))));
        }
    }

    /** The queue takes output of an event, drops a repetition, or refuses it: then false. */
    private boolean take(Running run, Event event) {
        Mark mark = run.of.mark;
        if (run.generation < mark.generation || run.epoch < mark.epoch) {
            return false;
        }
        if (run.generation > mark.generation) {
            mark.generation = run.generation;
            mark.position = null;
        }
        mark.epoch = run.epoch;
        EventId position = mark.position;
        if (position == null || event.eid().isAfter(position)) {
            mark.position = event.eid();
            out.add(event);
            epochs.add(run.epoch);
        }
        return true;
    }

    private void end() {
        if (running.isEmpty()) {
            return;
        }
        Running run = running.remove(random.nextInt(running.size()));
        boolean well = random.nextBoolean();
        if (well) {
            running.add(run);
            checkpoint(run);
            running.remove(run);
        } else {
            zombies.add(run);
        }
        run.of.apply(new BotEvent.RunEnded(now, run.epoch, well ? BotEvent.How.OK : BotEvent.How.LOST, null, 0));
    }

    private void retire() {
        lanes.values().forEach(lane -> {
            if (lane.state.run() == null
                    && LaneDecisions.isRetiring(lane.state)
                    && LaneDecisions.isThrough(lane.state, lane.fence())) {
                lane.apply(new BotEvent.LaneRetired(now));
            }
        });
    }

    private void open() {
        if (!LaneDecisions.isClosing(bot.state)) {
            return;
        }
        Lanes book = bot.state.laneBook();
        List<Map<String, Checkpoint>> ends = new ArrayList<>();
        long epoch = bot.state.epoch();
        if (!bot.state.coordinates()) {
            if (bot.state.run() != null || !LaneDecisions.isThrough(bot.state, bot.fence())) {
                return;
            }
            ends.add(bot.state.read());
        }
        for (int i = 0; bot.state.coordinates() && i < book.count(); i++) {
            Entity lane = lanes.get(i);
            LaneDuty duty = lane == null ? null : lane.state.duty();
            if (lane == null || duty == null || !duty.retired() || duty.revision() != book.revision()) {
                return;
            }
            ends.add(lane.state.read());
            epoch = Math.max(epoch, lane.state.epoch());
        }
        bot.apply(LaneDecisions.open(bot.state, ends, epoch, now));
    }

    /** No more changes: all that was begun comes to its end. */
    private void settle() {
        for (int i = 0; i < 3_000 && out.size() < in.size(); i++) {
            now++;
            for (int n = 0; bot.state.coordinates() && n < bot.state.laneBook().count(); n++) {
                follow(LaneOrder.of(bot.state, n));
            }
            begin();
            work(running);
            end();
            retire();
            open();
        }
    }
}
