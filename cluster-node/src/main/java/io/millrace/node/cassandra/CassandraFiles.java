package io.millrace.node.cassandra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files that the child process wants to find. */
final class CassandraFiles {

    private CassandraFiles() {}

    /** Makes its directories, empties the temporary one and writes its configuration anew. */
    static void prepare(ChildCassandraSettings settings) throws IOException {
        empty(settings.temporary());
        Files.createDirectories(settings.temporary());
        Files.createDirectories(settings.logs());
        Files.createDirectories(settings.triggers());
        Files.writeString(settings.configuration(), CassandraYaml.render(settings));
        // A line of the last run must not speak for this one.
        Files.deleteIfExists(settings.console());
    }

    private static void empty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> tree = Files.walk(directory)) {
            found = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : found) {
            Files.delete(path);
        }
    }
}
