package io.millrace.node.faults.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads a directory of history files: one after the other without keeping them, or merged by time of invocation. */
public final class HistoryFiles {
    static final String SUFFIX = ".history";

    /** Ends what may be torn, and an empty line says so. */
    static final byte[] BEGUN_ANEW = {'\n', '\n'};

    private final Path directory;

    /** @param directory of the files that {@link History#open} made */
    public HistoryFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Gives every operation, file by file in the order of their names, each in the order of its lines. The last line
     * of a file, or one before a line that a restarted process began, may be torn: it is left out.
     *
     * @throws IllegalStateException if another line can't be read: a history with a hole proves nothing
     */
    public void forEach(Consumer<Located> each) {
        for (Path file : files()) {
            try {
                read(file, each);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** All of it in memory, by time of invocation; for tests and small tools. */
    public List<Located> merged() {
        List<Located> all = new ArrayList<>();
        forEach(all::add);
        all.sort(Comparator.comparingLong(one -> one.operation().call().from()));
        return all;
    }

    private List<Path> files() {
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void read(Path file, Consumer<Located> each) throws IOException {
        String name = file.getFileName().toString();
        int number = 0;
        int torn = 0;
        try (var lines = new LineInput(file)) {
            while (lines.next()) {
                number++;
                if (lines.length() == 0) {
                    torn = 0;
                    continue;
                }
                if (torn > 0) {
                    throw new IllegalStateException(name + ":" + torn + " is no operation, and no torn last line");
                }
                Operation operation;
                try {
                    operation = Lines.read(lines.buffer(), lines.start(), lines.length());
                } catch (IOException unreadable) {
                    torn = number;
                    continue;
                }
                each.accept(new Located(name, number, operation));
            }
        }
    }
}
