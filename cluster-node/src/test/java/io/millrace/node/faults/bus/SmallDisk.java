package io.millrace.node.faults.bus;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system in memory that can be filled up, where this machine lets us mount one. It is mounted outside of the build's
 * directory, which must stay deletable, and what a killed run left behind is unmounted by the next one.
 */
public final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "2g";
    private static final String PREFIX = "millrace-disk-";
    private static final int CHUNK = 1 << 20;

    private final Path directory;
    private final boolean small;

    /**
     * Mounts it.
     *
     * @param otherwise an ordinary directory, used where mounting isn't allowed
     */
    public SmallDisk(Path otherwise) {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        sweep(parent);
        Path mounted = parent.resolve(PREFIX + ProcessHandle.current().pid());
        this.small = mounted.toFile().mkdirs()
                && run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", mounted.toString());
        this.directory = small ? mounted : otherwise;
        if (!small) {
            mounted.toFile().delete();
        }
    }

    private static void sweep(Path parent) {
        String[] names = parent.toFile().list((in, name) -> name.matches(PREFIX + "[0-9]+"));
        for (String name : names == null ? new String[0] : names) {
            if (ProcessHandle.of(Long.parseLong(name.substring(PREFIX.length())))
                    .isEmpty()) {
                unmount(parent.resolve(name));
            }
        }
    }

    private static void unmount(Path directory) {
        run("umount", "-l", directory.toString());
        directory.toFile().delete();
    }

    /** Where it is. */
    public Path directory() {
        return directory;
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
            throw new UncheckedIOException(failed);
        }
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
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
            unmount(directory);
        }
    }
}
