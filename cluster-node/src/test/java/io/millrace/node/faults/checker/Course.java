package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Outcome;
import io.millrace.node.faults.history.Pipeline;
import io.millrace.node.faults.history.Pipeline.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a pipeline's outputs have come in one of its sources: event by event in the source's order, or where the bot has
 * lanes in that of each key. What is dead gives nothing, nor does an event that is to give none.
 */
final class Course {
    final QueueLog log;
    private final LongIntMap byValue;
    private final BitSet dead;
    private final List<Integer> resets = new ArrayList<>();
    /** How many outputs each event gives. */
    private final int[] wanted;
    /** Which stream an event belongs to, and which event of its stream follows it. */
    private final int[] streams;

    private final int[] successors;
    /** By stream, the event that is due, and how many of its outputs are there. */
    private final int[] due;

    private final int[] there;

    /** @param redriven whether it is the queue by which dead letters come back */
    Course(Facts facts, Pipeline pipeline, QueueLog log, boolean redriven, Letters letters) {
        this.log = log;
        this.byValue = log.byValue();
        this.dead = letters.in(log);
        this.wanted = new int[log.size()];
        this.streams = new int[log.size()];
        this.successors = new int[log.size()];
        Map<String, Integer> keys = new HashMap<>();
        for (int i = 0; i < log.size(); i++) {
            String value = pipeline.shape() == Shape.MANY || pipeline.lanes() ? facts.values.text(log.value(i)) : "";
            wanted[i] = pipeline.shape() == Shape.MANY ? Lots.spread(pipeline.target(), value) : 1;
            String key = pipeline.lanes() ? Lots.key(DeadLettersExactlyOnce.root(value, redriven)) : "";
            streams[i] = keys.computeIfAbsent(key, k -> keys.size());
        }
        this.due = new int[keys.size()];
        this.there = new int[keys.size()];
        Arrays.fill(due, log.size());
        for (int i = log.size() - 1; i >= 0; i--) {
            successors[i] = due[streams[i]];
            due[streams[i]] = i;
        }
        for (var reset : facts.bot(pipeline.bot()).resets) {
            if (reset.operation().queue().equals(log.name()) && reset.call().outcome() != Outcome.FAIL) {
                resets.add(log.rank(reset.operation().position()));
            }
        }
    }

    /** Where a value stands, or -1. */
    int indexOf(long value) {
        return byValue.get(value);
    }

    boolean isDead(int index) {
        return dead.get(index);
    }

    /** The event whose outputs are due in the stream of {@code index}, when that one's come now. */
    int due(int index) {
        int stream = streams[index];
        while (due[stream] < index && there[stream] == 0 && (isDead(due[stream]) || wanted[due[stream]] == 0)) {
            due[stream] = successors[due[stream]];
        }
        return due[stream];
    }

    /** How many outputs of the event that is due are there already. */
    int there(int index) {
        return there[streams[index]];
    }

    /** How many outputs an event gives. */
    int wanted(int index) {
        return wanted[index];
    }

    /** Whether an administrator had the bot begin there again; each may be used once. */
    boolean isReset(int index) {
        return resets.remove((Integer) index);
    }

    /** One more output of an event is there; what was due before it isn't any more. */
    void take(int index) {
        int stream = streams[index];
        there[stream] = due[stream] == index ? there[stream] + 1 : 1;
        due[stream] = index;
        if (there[stream] >= wanted[index]) {
            due[stream] = successors[index];
            there[stream] = 0;
        }
    }

    /** What comes behind an event in its stream. */
    int after(int index) {
        return successors[index];
    }

    /** By stream, the first event before {@code end} whose outputs aren't all there; {@code end} or more where all are. */
    int[] missing(int end) {
        for (int stream = 0; stream < due.length; stream++) {
            while (due[stream] < end && there[stream] == 0 && (isDead(due[stream]) || wanted[due[stream]] == 0)) {
                due[stream] = successors[due[stream]];
            }
        }
        return due.clone();
    }
}
