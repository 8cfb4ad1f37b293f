package io.millrace.node.handlers;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file that rows are appended to, and its notes ({@code <file>.notes}): how long it was after the last append, and up to
 * which event of each queue. Both are forced to the disk before an append is over. After a crash the notes say what to cut
 * off (rows whose append didn't come to its end) and what to leave out (rows whose checkpoint didn't move), so no row stands
 * there twice and none is missing.
 *
 * <p>The notes name the bot, whose file it is, and the epoch of its last run: what an earlier run still tries is refused.
 * Setting a bot's position back writes nothing anew; move the file away, and a new one begins.
 */
record CsvFile(Path path, String header, long maxBytes) {
    static final String NOTES = ".notes";

    private static final int MAX_TEXT = 64 << 20;

    /**
     * Appends a row for each event that has none yet.
     *
     * @param epoch of the bot's run
     * @param events of one queue, in order
     * @throws IllegalStateException if the file is another bot's or a later run's, is full, or isn't as it was left
     */
    void append(String bot, long epoch, List<Event> events, Function<Event, String> row) throws IOException {
        try (FileChannel lock = open(Path.of(path + ".lock"));
                FileLock mine = lock(lock)) {
            if (mine == null) {
                throw new IllegalStateException("somebody else writes " + path.getFileName());
            }
            CsvNotes notes = CsvNotes.read(notesPath());
            try (FileChannel file = open(path)) {
                append(file, notes, bot, epoch, events, row);
            }
        }
    }

    private void append(
            FileChannel file,
            @Nullable CsvNotes found,
            String bot,
            long epoch,
            List<Event> events,
            Function<Event, String> row)
            throws IOException {
        if (found == null && file.size() > 0) {
            throw new IllegalStateException(path.getFileName() + " is there already, and no bot's");
        }
        CsvNotes notes = found == null || file.size() == 0 ? begin(bot, epoch) : found;
        require(notes, bot, epoch, file.size());
        StringBuilder text = new StringBuilder(notes.length() == 0 ? header : "");
        QueueName queue = new QueueName(events.get(0).queue());
        EventId done = notes.positions().get(queue.value());
        for (Event event : events) {
            if (done == null || event.eid().isAfter(done)) {
                text.append(row.apply(event));
                if (text.length() > MAX_TEXT) {
                    throw new IllegalStateException(
                            "the rows of one batch are longer than " + MAX_TEXT + " characters: make it smaller");
                }
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        long length = notes.length() + bytes.length;
        if (length > maxBytes) {
            throw new IllegalStateException(path.getFileName() + " is full: move it away, or raise maxBytes");
        }
        file.truncate(notes.length());
        write(file, bytes, notes.length());
        file.force(true);
        Map<String, EventId> positions = new HashMap<>(notes.positions());
        positions.merge(queue.value(), events.get(events.size() - 1).eid(), (a, b) -> a.isAfter(b) ? a : b);
        new CsvNotes(bot, epoch, header, length, positions).write(notesPath());
    }

    /** From now on what stands in the file is ours to cut off. */
    private CsvNotes begin(String bot, long epoch) throws IOException {
        CsvNotes notes = new CsvNotes(bot, epoch, header, 0, Map.of());
        notes.write(notesPath());
        return notes;
    }

    private void require(CsvNotes notes, String bot, long epoch, long size) {
        if (!notes.bot().equals(bot)) {
            throw new IllegalStateException(path.getFileName() + " is the bot " + notes.bot() + "'s");
        }
        if (notes.epoch() > epoch) {
            throw new IllegalStateException("a later run of the bot has begun");
        }
        if (!notes.header().equals(header)) {
            throw new IllegalStateException(
                    path.getFileName() + " has other columns: name another file, or move it away");
        }
        if (size < notes.length()) {
            throw new IllegalStateException(path.getFileName() + " is shorter than it was left: move it away");
        }
    }

    private Path notesPath() {
        return Path.of(path + NOTES);
    }

    /** Never through a link, which may lead anywhere. */
    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void write(FileChannel file, byte[] bytes, long at) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            file.write(left, at + left.position());
        }
    }
}
