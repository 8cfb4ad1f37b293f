package io.millrace.node.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code csv}: appends a row (RFC 4180) for each event to {@code file} in the directory that the node's setting {@code
 * millrace.handler.files} names, with the {@code columns} that JSON Pointers into the event give; what isn't there is an
 * empty cell, objects and lists are JSON.
 *
 * <p>Rows are forced to the disk before the checkpoint moves, and none stands there twice: see {@link CsvFile}. That holds
 * for a file, so where a bot may run on several nodes they need the directory on a file system that they share.
 */
record CsvHandler(Path file, Map<String, EventPointer> columns, long maxBytes) implements BotHandler {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final int MAX_COLUMNS = 200;
    private static final long GIB = 1L << 30;

    static @Nullable BotHandler of(Settings settings, @Nullable Path files) {
        String name = settings.text("file", CsvHandler::name);
        Map<String, EventPointer> columns = new LinkedHashMap<>();
        Settings given = settings.object("columns");
        for (String column : given.names()) {
            EventPointer pointer = given.text(column, EventPointer::of);
            if (pointer != null) {
                columns.put(column, pointer);
            }
        }
        if (given.isFine() && (columns.isEmpty() || columns.size() > MAX_COLUMNS)) {
            settings.error(
                    "columns", "must have 1 to " + MAX_COLUMNS + " fields, as {\"customer\": \"/payload/customer\"}");
        }
        long maxBytes = settings.number("maxBytes", 1, 1024 * GIB, GIB);
        if (files == null) {
            settings.error("file", "this node writes no files: its setting millrace.handler.files names no directory");
        }
        return name != null && files != null && settings.isFine()
                ? new CsvHandler(files.resolve(name), columns, maxBytes)
                : null;
    }

    private static String name(String text) {
        // Nothing but a name: no way out of the directory.
        if (!NAME.matcher(text).matches() || text.endsWith(CsvFile.NOTES)) {
            throw new IllegalArgumentException("must be a file's name of at most 200 letters, digits, dots, dashes and"
                    + " underscores, the first a letter or a digit, and not end in " + CsvFile.NOTES);
        }
        return text;
    }

    @Override
    public void handle(List<Event> events, Emitter out) throws IOException {
        if (events.isEmpty()) {
            return; // a run without queues to read
        }
        CsvFile target = new CsvFile(file, CsvRow.of(columns.keySet().stream()), maxBytes);
        target.append(out.run().bot(), out.run().epoch(), events, this::row);
    }

    private String row(Event event) {
        JsonNode payload = event.payload().tree();
        return CsvRow.of(columns.values().stream().map(pointer -> CsvRow.cell(pointer.in(event, payload))));
    }
}
