package io.millrace.node.handlers;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.protocol.EventId;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside a {@link CsvFile}.
 *
 * @param bot whose file it is
 * @param epoch of the last run that wrote
 * @param header its first row
 * @param length its bytes
 * @param positions by queue, the last event that is in it
 */
record CsvNotes(
        @JsonProperty(required = true) String bot,
        @JsonProperty(required = true) long epoch,
        @JsonProperty(required = true) String header,
        @JsonProperty(required = true) long length,
        @JsonProperty(required = true) Map<String, EventId> positions) {

    static @Nullable CsvNotes read(Path path) throws IOException {
        try {
            return Json.read(Files.readAllBytes(path), CsvNotes.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(path.getFileName() + " can't be read: move it and its file away", e);
        }
    }

    /** All or nothing, and on the disk when it returns. */
    void write(Path path) throws IOException {
        Path fresh = Path.of(path + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer left = ByteBuffer.wrap(Json.bytes(this));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel names = FileChannel.open(directory)) {
                names.force(true); // the new name too
            }
        }
    }
}
