package io.millrace.node.faults.bus;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory that can be filled up, where this machine lets us mount one. */
public final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "2g";
    private static final int CHUNK = 1 << 20;

    private final Path directory;
    private final boolean small;

    /** Mounts it; where that isn't allowed the directory stays an ordinary one. */
    public SmallDisk(Path directory) {
        this.directory = directory;
        this.small = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", directory.toString());
    }

    /** Whether it can be filled. */
    public boolean isSmall() {
        return small;
    }

    /** Takes all the room that is left. */
    public void fill() {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(chunk);
            }
        } catch (IOException full) {
            // As it should be.
        }
    }

    /** Gives it back. */
    public void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (small) {
            run("umount", "-l", directory.toString());
        }
    }
}
