package io.millrace.node.faults.checker;

import io.millrace.node.faults.checker.BotFacts.Effect;
import io.millrace.node.faults.checker.BotFacts.Move;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Operation.Append;
import io.millrace.node.faults.history.Operation.Checkpointed;
import io.millrace.node.faults.history.Operation.Completed;
import io.millrace.node.faults.history.Operation.FinalRead;
import io.millrace.node.faults.history.Operation.Healed;
import io.millrace.node.faults.history.Operation.Heartbeat;
import io.millrace.node.faults.history.Outcome;
import io.millrace.protocol.EventId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes what stands on its own: appends, what bots and administrators did, and the first full read of each queue. */
final class FirstPass {
    private final Facts facts;
    private final Map<String, String> readers = new HashMap<>();

    FirstPass(Facts facts) {
        this.facts = facts;
    }

    void take(Operation operation, long place) {
        facts.tally.count(operation);
        boolean ok = operation.call().outcome() == Outcome.OK;
        if (operation instanceof Append append) {
            append(append, place);
        } else if (operation instanceof FinalRead read) {
            if (ok) {
                read(read, place);
            }
        } else if (operation instanceof Operation.Plan plan) {
            facts.plan = new Placed<>(place, plan);
        } else if (operation instanceof Operation.Fault fault) {
            facts.faults.add(new Placed<>(place, fault));
        } else if (operation instanceof Healed healed) {
            facts.healed = healed.kind().equals(Healed.EVERYTHING) ? new Placed<>(place, healed) : facts.healed;
        } else {
            bot(operation, ok, place);
        }
    }

    private void append(Append append, long place) {
        if (append.run() == null) {
            facts.appends.add(append, place);
            return;
        }
        facts.runAppends.add(append, place);
        if (append.call().outcome() == Outcome.OK) {
            facts.bot(append.run().bot()).effects.add(new Effect("append", append.run(), append.call(), place));
        }
    }

    private void bot(Operation operation, boolean ok, long place) {
        if (operation instanceof Operation.Granted granted) {
            if (ok) {
                facts.bot(granted.run().bot()).grants.add(new Placed<>(place, granted));
            }
        } else if (operation instanceof Heartbeat heartbeat) {
            if (ok) {
                BotFacts bot = facts.bot(heartbeat.run().bot());
                bot.heartbeats.add(new Placed<>(place, heartbeat));
                bot.effects.add(new Effect("heartbeat", heartbeat.run(), heartbeat.call(), place));
            }
        } else if (operation instanceof Checkpointed checkpointed) {
            if (ok) {
                BotFacts bot = facts.bot(checkpointed.run().bot());
                bot.effects.add(new Effect("checkpoint", checkpointed.run(), checkpointed.call(), place));
                bot.moves.add(new Move(
                        checkpointed.queue(), checkpointed.position(), checkpointed.run(), checkpointed.call(), place));
            }
        } else if (operation instanceof Completed completed) {
            completed(completed, ok, place);
        } else if (operation instanceof Operation.Reset reset) {
            facts.bot(reset.bot()).resets.add(new Placed<>(place, reset));
        } else if (operation instanceof Operation.Administered administered) {
            facts.bot(administered.bot()).administered.add(new Placed<>(place, administered));
        } else if (operation instanceof Operation.Redriven redriven) {
            facts.bot(redriven.bot()).redrives.add(new Placed<>(place, redriven));
        } else if (operation instanceof Operation.BotSeen seen) {
            if (ok) {
                facts.bot(seen.bot()).sightings.add(new Placed<>(place, seen));
            }
        } else if (operation instanceof Operation.FinalBot end) {
            facts.bot(end.bot()).finals.add(new Placed<>(place, end));
        }
    }

    private void completed(Completed completed, boolean ok, long place) {
        BotFacts bot = facts.bot(completed.run().bot());
        bot.completions.add(new Placed<>(place, completed));
        if (ok) {
            bot.effects.add(new Effect(Effect.COMPLETION, completed.run(), completed.call(), place));
            completed
                    .checkpoints()
                    .forEach((queue, position) ->
                            bot.moves.add(new Move(queue, position, completed.run(), completed.call(), place)));
        }
    }

    /** The reader whose page comes first gives the log; its pages have to follow each other. */
    private void read(FinalRead read, long place) {
        String reader = SecondPass.reader(read);
        if (!readers.computeIfAbsent(read.queue(), queue -> reader).equals(reader)) {
            return;
        }
        QueueLog log = facts.logs.computeIfAbsent(read.queue(), QueueLog::new);
        EventId last = log.size() == 0 ? null : log.eid(log.size() - 1);
        if (follows(read.after(), last)) {
            for (FinalEvent event : read.events()) {
                last = add(log, event, last, place);
            }
            log.endPage(place);
            if (read.end()) {
                log.complete();
            }
        }
    }

    private static boolean follows(String after, @Nullable EventId last) {
        return last == null ? after.isEmpty() : after.equals(last.toString());
    }

    private EventId add(QueueLog log, FinalEvent event, @Nullable EventId last, long place) {
        if (last != null && event.eid().compareTo(last) <= 0) {
            Kind kind = event.eid().equals(last) ? Kind.DUPLICATE : Kind.REORDERED;
            facts.disagreements.add(new Findings.Finding(
                    kind,
                    3,
                    event.value() + " (" + event.eid() + ") comes after " + last + " in the full read of " + log.name(),
                    List.of(place)));
        }
        append(log, event, facts.values);
        return event.eid();
    }

    static void append(QueueLog log, FinalEvent event, Values values) {
        if (event.writer() != null || !event.parents().isEmpty()) {
            log.outputs().add(log.size(), event, values);
        }
        log.add(event.eid(), values.code(event.value()));
    }
}
