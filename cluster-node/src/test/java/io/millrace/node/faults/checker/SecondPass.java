package io.millrace.node.faults.checker;

import io.millrace.node.faults.checker.BotFacts.Handling;
import io.millrace.node.faults.checker.Facts.Reading;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Operation.FinalRead;
import io.millrace.node.faults.history.Operation.Handled;
import io.millrace.node.faults.history.Operation.Read;
import io.millrace.node.faults.history.Outcome;
import io.millrace.node.faults.history.RunOf;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.EventId;
import java.util.List;

/**
 * Holds every page of every reader against the queue's log: a page that agrees becomes two numbers, one that doesn't a
 * disagreement.
 */
final class SecondPass {
    private static final int MOST_DISAGREEMENTS = 10_000;

    private final Facts facts;

    SecondPass(Facts facts) {
        this.facts = facts;
    }

    void take(Operation operation, long place) {
        if (operation instanceof Read read) {
            QueueLog log = facts.logs.get(read.queue());
            if (log != null) {
                facts.pages.add(
                        page(log, read.reader(), read.after(), read.events(), read.call(), read.toTail(), place));
            }
        } else if (operation instanceof Handled handled) {
            handled(handled, place);
        } else if (operation instanceof FinalRead read && read.call().outcome() == Outcome.OK) {
            finalRead(read, place);
        }
    }

    private void handled(Handled handled, long place) {
        QueueLog log = facts.logs.get(handled.source());
        if (handled.events().isEmpty() || log == null) {
            return;
        }
        if (facts.hasLanes(handled.run().bot())) {
            lane(handled, log, place);
            return;
        }
        int first = log.indexOf(handled.events().get(0).eid());
        String after = first <= 0 ? "" : log.eid(first - 1).toString();
        String reader = handled.run().bot() + " epoch " + handled.run().epoch();
        Page page = page(log, reader, after, handled.events(), handled.call(), false, place);
        if (handled.call().outcome() == Outcome.OK) {
            facts.bot(handled.run().bot()).handlings.add(new Handling(handled.run(), handled.call(), page));
        }
    }

    /** A lane leaves out the events of others. */
    private void lane(Handled handled, QueueLog log, long place) {
        BotFacts owner = facts.bot(RunOf.owner(handled.run().bot()));
        String reader = handled.run().bot() + " epoch " + handled.run().epoch();
        int before = -1;
        for (Seen event : handled.events()) {
            int index = log.indexOf(event.eid());
            next(log, Math.max(0, index), event.eid(), event.value(), reader, place);
            if (index >= 0 && index <= before) {
                disagree(Kind.REORDERED, reader + " got " + event.value() + " too late", place, index, log);
            }
            if (index >= 0 && handled.call().outcome() == Outcome.OK) {
                Page page = new Page(
                        log,
                        reader,
                        index,
                        index + 1,
                        handled.call().from(),
                        handled.call().to(),
                        false,
                        place);
                owner.laneHandlings.add(new Handling(handled.run(), handled.call(), page));
            }
            before = Math.max(before, index);
        }
    }

    private Page page(
            QueueLog log, String reader, String after, List<Seen> events, Call call, boolean toTail, long place) {
        int begin = log.rank(after);
        int at = begin;
        for (Seen event : events) {
            at = next(log, at, event.eid(), event.value(), reader, place);
        }
        return new Page(log, reader, begin, at, call.from(), call.to(), toTail, place);
    }

    /** What is expected at {@code at} is this event. {@return what is expected next} */
    private int next(QueueLog log, int at, EventId eid, String value, String reader, long place) {
        long code = facts.values.code(value);
        if (at < log.size() && log.value(at) == code && log.eid(at).equals(eid)) {
            return at + 1;
        }
        int index = log.indexOf(eid);
        String who = reader + " got " + value + " (" + eid + ") of " + log.name();
        if (index < 0) {
            disagree(Kind.LOST, who + ", which the full read doesn't have", place, -1, log);
            return at;
        }
        if (log.value(index) != code) {
            disagree(
                    Kind.READERS_DISAGREE,
                    who + " where the full read has " + facts.event(log, index),
                    place,
                    index,
                    log);
        } else if (index > at) {
            String skipped = " without the " + (index - at) + " before it, from " + facts.event(log, at) + " on";
            disagree(Kind.GAP, who + skipped, place, at, log);
        } else if (index < at) {
            Kind kind = index == at - 1 ? Kind.DUPLICATE : Kind.REORDERED;
            disagree(kind, who + " after " + facts.event(log, at - 1), place, index, log);
        }
        return Math.max(at, index + 1);
    }

    private void disagree(Kind kind, String what, long place, int index, QueueLog log) {
        if (facts.disagreements.size() < MOST_DISAGREEMENTS) {
            List<Long> places = index < 0 ? List.of(place) : List.of(place, log.place(index));
            facts.disagreements.add(new Findings.Finding(kind, 3, what, places));
        }
    }

    static String reader(FinalRead read) {
        return read.call().node() + " for " + read.call().client();
    }

    private void finalRead(FinalRead read, long place) {
        QueueLog log = facts.logs.get(read.queue());
        if (log == null) {
            return;
        }
        String reader = "the full read through " + reader(read);
        Reading reading = facts.readings.computeIfAbsent(
                read.queue() + " " + reader, key -> new Reading(read.call().node(), log));
        if (read.after().isEmpty() && !reading.complete) {
            reading.from = read.call().from();
            reading.reached = 0;
        }
        if (reading.complete || log.rank(read.after()) != reading.reached) {
            return;
        }
        int at = reading.reached;
        for (FinalEvent event : read.events()) {
            boolean isNew = at == log.size() && (at == 0 || event.eid().isAfter(log.eid(at - 1)));
            if (isNew) {
                // It came after the first full read: nothing is wrong with that by itself.
                FirstPass.append(log, event, facts.values);
                log.endPage(place);
                at++;
            } else {
                at = next(log, at, event.eid(), event.value(), reader, place);
            }
        }
        reading.reached = at;
        reading.to = read.call().to();
        reading.place = place;
        reading.complete = read.end();
    }
}
