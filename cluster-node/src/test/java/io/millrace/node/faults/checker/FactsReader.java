package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.HistoryFiles;

/**
 * Reads a history twice: first what stands on its own and one full read of each queue; then what is held against those
 * reads.
 */
final class FactsReader {
    private FactsReader() {}

    /** @throws IllegalStateException if the history can't be one: a hole in it, a value that was used twice */
    static Facts read(HistoryFiles files) {
        Facts facts = new Facts();
        FirstPass first = new FirstPass(facts);
        files.forEach(line -> first.take(line.operation(), facts.places.of(line)));
        facts.logs.values().removeIf(log -> !log.isComplete());
        SecondPass second = new SecondPass(facts);
        files.forEach(line -> second.take(line.operation(), facts.places.of(line)));
        return facts;
    }
}
