package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Operation.Administered;
import io.millrace.node.faults.history.Operation.BotSeen;
import io.millrace.node.faults.history.Operation.Completed;
import io.millrace.node.faults.history.Operation.FinalBot;
import io.millrace.node.faults.history.Operation.Granted;
import io.millrace.node.faults.history.Operation.Heartbeat;
import io.millrace.node.faults.history.Operation.Redriven;
import io.millrace.node.faults.history.Operation.Reset;
import io.millrace.node.faults.history.RunOf;
import java.util.ArrayList;
import java.util.List;

/** All that is known of one bot. */
final class BotFacts {
    /** What a run did and was told ok: a "heartbeat", "checkpoint", "completion" or "append". */
    record Effect(String what, RunOf run, Call call, long place) {
        static final String COMPLETION = "completion";
    }

    /** An accepted read checkpoint. */
    record Move(String queue, String position, RunOf run, Call call, long place) {}

    /** Events of a queue that a handler got and returned from, as a part of the queue's log; see {@link Page}. */
    record Handling(RunOf run, Call call, Page page) {}

    /** Some epoch was there by the time that the call ended. */
    record Sign(RunOf run, Call call, long place) {}

    final String bot;
    final List<Placed<Granted>> grants = new ArrayList<>();
    final List<Placed<Heartbeat>> heartbeats = new ArrayList<>();
    final List<Placed<Completed>> completions = new ArrayList<>();
    final List<Placed<Reset>> resets = new ArrayList<>();
    final List<Placed<Administered>> administered = new ArrayList<>();
    final List<Placed<Redriven>> redrives = new ArrayList<>();
    final List<Placed<BotSeen>> sightings = new ArrayList<>();
    final List<Placed<FinalBot>> finals = new ArrayList<>();
    final List<Effect> effects = new ArrayList<>();
    final List<Move> moves = new ArrayList<>();
    final List<Handling> handlings = new ArrayList<>();
    /** What its lanes handled, each event by itself. */
    final List<Handling> laneHandlings = new ArrayList<>();

    BotFacts(String bot) {
        this.bot = bot;
    }

    List<Handling> allHandlings() {
        List<Handling> all = new ArrayList<>(handlings);
        all.addAll(laneHandlings);
        return all;
    }

    boolean isLane() {
        return !RunOf.owner(bot).equals(bot);
    }

    /** Everything that shows that an epoch had been granted. */
    List<Sign> signs() {
        List<Sign> signs = new ArrayList<>();
        grants.forEach(one -> signs.add(new Sign(one.operation().run(), one.call(), one.place())));
        effects.forEach(one -> signs.add(new Sign(one.run(), one.call(), one.place())));
        handlings.forEach(
                one -> signs.add(new Sign(one.run(), one.call(), one.page().place())));
        sightings.forEach(
                one -> signs.add(new Sign(new RunOf(bot, "", one.operation().epoch()), one.call(), one.place())));
        return signs;
    }
}
