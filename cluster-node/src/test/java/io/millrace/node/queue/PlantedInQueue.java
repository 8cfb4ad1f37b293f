package io.millrace.node.queue;

import io.millrace.node.simulation.Machine;
import io.millrace.node.simulation.World;
import io.millrace.protocol.Position;
import java.util.ArrayList;
import java.util.List;

/** Bugs of a queue, each in place of one step of the honest one. */
public enum PlantedInQueue {
    NOTHING,
    /** A bot that wants to sleep is told that nothing waits, without a look at the tail. */
    SLEEP_WITHOUT_LOOKING,
    /** A bot that wants to sleep is registered a while after the look at the tail. */
    SLEEP_REGISTERED_LATE,
    /** The marks of an append are made durable by a second one. */
    MARKS_APART;

    /** A queue with this bug. */
    public SimulatedQueue queue(World world, Machine machine, String name) {
        return switch (this) {
            case NOTHING -> new SimulatedQueue(world, machine, name);
            case SLEEP_WITHOUT_LOOKING ->
                new SimulatedQueue(world, machine, name) {
                    @Override
                    void offer(QueueCommand.Sleep sleep) {
                        sleepers().offer(new QueueCommand.Sleep(sleep.bot(), Position.of(state().last())), state());
                    }
                };
            case SLEEP_REGISTERED_LATE ->
                new SimulatedQueue(world, machine, name) {
                    @Override
                    void offer(QueueCommand.Sleep sleep) {
                        QueueState seen = state();
                        machine()
                                .after(
                                        5,
                                        "late registration at",
                                        this,
                                        () -> sleepers().offer(sleep, seen));
                    }
                };
            case MARKS_APART ->
                new SimulatedQueue(world, machine, name) {
                    @Override
                    List<List<QueueEvent>> cut(List<QueueEvent> records) {
                        return apart(records);
                    }
                };
        };
    }

    private static List<List<QueueEvent>> apart(List<QueueEvent> records) {
        List<QueueEvent> events = new ArrayList<>();
        List<QueueEvent> marks = new ArrayList<>();
        for (QueueEvent record : records) {
            if (record instanceof QueueEvent.Appended appended
                    && appended.takes().stream().anyMatch(take -> take.run() != null)) {
                events.add(with(appended, appended.events(), appended.bytes(), false));
                marks.add(with(appended, 0, 0, true));
            } else {
                events.add(record);
            }
        }
        return marks.isEmpty() ? List.of(events) : List.of(events, marks);
    }

    private static QueueEvent with(QueueEvent.Appended record, int events, int bytes, boolean marks) {
        var takes = new ArrayList<QueueEvent.Take>();
        for (QueueEvent.Take take : record.takes()) {
            if (marks && take.run() != null) {
                takes.add(new QueueEvent.Take(0, 0, null, null, 0, null, take.run()));
            } else if (!marks) {
                takes.add(new QueueEvent.Take(
                        take.events(),
                        take.repeated(),
                        take.first(),
                        take.writer(),
                        take.source(),
                        take.sequence(),
                        null));
            }
        }
        return new QueueEvent.Appended(
                record.at(),
                record.last(),
                record.ordinal(),
                events,
                bytes,
                takes,
                marks ? List.of() : record.blocks());
    }
}
