package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Histories as files, and their verdicts. */
final class ModelHistories {
    private ModelHistories() {}

    static Verdict verdict(Path directory, List<Operation> operations) {
        empty(directory);
        try (History one = History.open(directory, "a");
                History other = History.open(directory, "b")) {
            operations.forEach(
                    operation -> (isAtEnd(operation) || operation.hashCode() % 2 == 0 ? one : other).write(operation));
        }
        return Checker.check(directory);
    }

    private static boolean isAtEnd(Operation operation) {
        return operation instanceof Operation.FinalRead;
    }

    private static void empty(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
