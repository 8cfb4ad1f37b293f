package io.millrace.node.cassandra;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * This process's right to work in a data directory.
 *
 * <p>Two files tell who does: {@code millrace.lock} is locked by the process that starts Cassandra,
 * {@code cassandra.lock} by Cassandra itself as long as it lives, which is some seconds longer when its parent was
 * killed. Both hold the owner's process id. The operating system gives the locks back, whatever ends their owners.
 */
final class DataDirectoryLock implements AutoCloseable {

    /** Far behind the text, so that the pid can be read while the lock is held (Windows locks are mandatory). */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * The directories of this JVM. POSIX forgets a process's lock when the process closes any descriptor of the file,
     * so a second attempt in the same JVM must not even open it.
     */
    private static final Set<Path> OURS = new HashSet<>();

    private final Path directory;
    private final FileChannel channel;

    private DataDirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    static Path childLock(Path directory) {
        return directory.resolve("cassandra.lock");
    }

    private static Path parentLock(Path directory) {
        return directory.resolve("millrace.lock");
    }

    /**
     * Takes the directory, making it when missing. Blocks up to {@code orphanLimit} for a Cassandra whose parent was
     * killed to finish; a directory with a living parent is refused at once.
     */
    static DataDirectoryLock acquire(Path directory, Duration orphanLimit)
            throws CassandraStartException, InterruptedException {
        DataDirectoryLock lock;
        try {
            Files.createDirectories(directory);
            lock = acquireParentLock(directory.toRealPath());
        } catch (IOException unusable) {
            throw new CassandraStartException("can't use data directory " + directory + ": " + unusable, unusable);
        }
        try {
            lock.awaitOrphan(orphanLimit);
            return lock;
        } catch (CassandraStartException | InterruptedException | RuntimeException refused) {
            lock.close();
            throw refused;
        }
    }

    private static DataDirectoryLock acquireParentLock(Path directory) throws CassandraStartException, IOException {
        Path file = parentLock(directory);
        synchronized (OURS) {
            if (OURS.contains(directory)) {
                throw inUse(directory, file);
            }
            FileChannel channel = open(file);
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                channel.close();
                throw inUse(directory, file);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            OURS.add(directory);
            return new DataDirectoryLock(directory, channel);
        }
    }

    private void awaitOrphan(Duration limit) throws CassandraStartException, InterruptedException {
        Path file = childLock(directory);
        long start = System.nanoTime();
        while (isLocked(file)) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw inUse(directory, file);
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    private static boolean isLocked(Path file) throws CassandraStartException {
        try (FileChannel channel = open(file)) {
            return channel.tryLock(LOCKED_BYTE, 1, false) == null;
        } catch (IOException unusable) {
            throw new CassandraStartException("can't use " + file + ": " + unusable, unusable);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static DataDirectoryInUseException inUse(Path directory, Path file) {
        String owner;
        try {
            owner = Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (IOException unknown) {
            owner = "";
        }
        return new DataDirectoryInUseException(
                "data directory " + directory + " is in use by process " + (owner.isEmpty() ? "(unknown)" : owner));
    }

    /** Gives the directory back. */
    @Override
    public void close() {
        synchronized (OURS) {
            if (OURS.remove(directory)) {
                try {
                    channel.close();
                } catch (IOException closed) {
                    // Closing gives the lock back even when it fails.
                }
            }
        }
    }
}
